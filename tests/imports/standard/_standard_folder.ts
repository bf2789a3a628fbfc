import { type FolderFiles, mtx, writeFiles } from "../tenx_folder.ts";

/** Three genes, and five cells of two lanes that take turns. */
export const STUDY: FolderFiles = {
  "format.yaml": "genes:\n  field_types: {length: int}\n" +
    "profiles:\n  field_types: {age: int, score: float, is_good: bool}\n",
  "genes.csv": "id,name,length\nENSG00000000003,CD3D,7\n" +
    "ENSG00000000001,LYZ,\nENSG00000000002,ACTB,9\n",
  "profiles.csv": "lane,barcode,age,score,is_good,note\n" +
    'L1,AAC,1,0.5,true,"a, ""b"""\nL2,AAC,2,1e3,0,\nL1,GGT,,NA,False,x\n' +
    "L2,CCA,4,-inf,1,y\nL1,TTT,5,.5,TRUE,z\n",
  "umis.mtx": mtx(3, 5, [
    "1 1 5",
    "3 2 300",
    "2 3 1",
    "1 4 0",
    "3 1 2",
    "2 5 70000",
    "3 2 1",
  ]),
};

/**
 * Writes a folder in the multi-lane standard format.
 *
 * @param path The path of the folder.
 * @param changes Files that differ from those of the study; null: none.
 * @returns The path.
 */
export function writeStudy(
  path: string,
  changes: Readonly<Record<string, string | Uint8Array | null>> = {},
): string {
  Deno.mkdirSync(path);
  const files = Object.entries({ ...STUDY, ...changes })
    .filter((entry): entry is [string, string | Uint8Array] =>
      entry[1] !== null
    );
  writeFiles(path, Object.fromEntries(files));
  return path;
}
