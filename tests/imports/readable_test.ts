import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { importBatch } from "../../src/imports/import_batch.ts";
import { delane } from "../../src/imports/standard/delane.ts";
import { withTempFolder } from "../helpers.ts";
import { SMALL, writeFiles } from "./tenx_folder.ts";

const STANDARD = {
  "format.yaml": "{}\n",
  "genes.csv": "name\nA\n",
  "profiles.csv": "lane,name\n1,x\n",
  "umis.mtx": "%%MatrixMarket matrix coordinate integer general\n1 1 0\n",
};

/** Names that every importer goes by, and one that none knows. */
const NAMES = ["a.csv", "a.tsv.gz", "a.h5", "a.h5ad", "a.zarr.zip", "a.loom"];

/** Whether permissions hold nobody back, as they don't the user root. */
const readsAll = await withTempFolder((folder) => {
  Deno.writeTextFileSync(`${folder}/a`, "");
  Deno.chmodSync(`${folder}/a`, 0);
  try {
    Deno.readTextFileSync(`${folder}/a`);
    return true;
  } catch {
    return false;
  }
});
const mayReadAll = readsAll
  ? " (skipped: this user reads files without permission)"
  : "";

Deno.test({
  name: `importBatch() says that a file may not be read${mayReadAll}`,
  ignore: readsAll,
  fn: () =>
    withTempFolder(async (folder) => {
      for (const name of [...NAMES, "without-end"]) {
        const path = `${folder}/${name}`;
        Deno.writeTextFileSync(path, "gene,a\nA,1\n");
        Deno.chmodSync(path, 0);
        const why = `Cannot open ${path}: permission is denied`;
        assertEquals(await failure(() => importTo(folder, path)), why);
      }
      const files: Readonly<Record<string, string>> = {
        ...SMALL as Record<string, string>,
      };
      for (const name of Object.keys(files)) {
        writeFiles(`${folder}/tenx`, files);
        const path = `${folder}/tenx/${name}`;
        Deno.chmodSync(path, 0);
        const why = `Cannot open ${path}: permission is denied`;
        const source = `${folder}/tenx`;
        assertEquals(await failure(() => importTo(folder, source)), why);
        Deno.chmodSync(path, 0o600);
      }
      Deno.chmodSync(`${folder}/tenx`, 0);
      assertStringIncludes(
        await failure(() => importTo(folder, `${folder}/tenx`)),
        "permission is denied",
      );
      Deno.chmodSync(`${folder}/tenx`, 0o700);
    }),
});

Deno.test("importBatch() says where links lead to nothing or in a circle", () =>
  withTempFolder(async (folder) => {
    for (const name of NAMES) {
      const path = `${folder}/${name}`;
      Deno.symlinkSync("nothing", path);
      assertEquals(
        await failure(() => importTo(folder, path)),
        `Cannot import ${path}: there is no such file or folder`,
      );
      Deno.removeSync(path);
      Deno.symlinkSync(name, path);
      const why = await failure(() => importTo(folder, path));
      assertStringIncludes(why, `Cannot look at ${path}: `);
    }
  }));

/** What else a file of a folder can be, and what is said of it. */
const ODD: readonly [string, (path: string) => unknown, string][] = [
  ["a folder", (path) => Deno.mkdirSync(path), "it is a folder"],
  [
    "a link to nothing",
    (path) => Deno.symlinkSync("nothing", path),
    "there is no such file or folder",
  ],
  [
    "a pipe",
    (path) => new Deno.Command("mkfifo", { args: [path] }).output(),
    "it is neither a file nor a folder",
  ],
];

for (const [what, make, why] of ODD) {
  Deno.test(`importBatch() and delane() refuse ${what} among the files`, () =>
    withTempFolder(async (folder) => {
      for (const files of [SMALL, STANDARD]) {
        for (const name of Object.keys(files)) {
          const source = `${folder}/source`;
          writeFiles(source, files);
          Deno.removeSync(`${source}/${name}`);
          await make(`${source}/${name}`);
          const wanted = `${source}/${name}: ${why}`;
          const said = await failure(() => importTo(folder, source));
          assertStringIncludes(said, wanted);
          if (files === STANDARD) {
            const other = await failure(() => delane(source, `${folder}/x`));
            assertStringIncludes(other, wanted);
          }
          assert(!said.includes("line 1"), said);
          Deno.removeSync(source, { recursive: true });
        }
      }
    }));
}

function importTo(folder: string, source: string): Promise<unknown> {
  return importBatch(source, `${folder}/batch`);
}

async function failure(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was read");
}
