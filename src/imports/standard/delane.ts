/** Splits a folder in the multi-lane standard format into one a lane. */
import { buildFolderAtomically, checkReplaceable } from "../../io/atomic.ts";
import { listFolder, pathKind } from "../../io/files.ts";
import { isOverlapping, joinPath } from "../../io/paths.ts";
import { DelaneData } from "./delane_data.ts";
import { DirFormat } from "./dir_format.ts";
import { lineError } from "../import_error.ts";
import { writeLanes } from "./delane_lanes.ts";
import {
  findStandardFiles,
  FORMAT_FILE,
  GENES_FILE,
  PROFILES_FILE,
  type StandardFiles,
  UMIS_FILE,
} from "./standard_files.ts";
import { LANE_FIELD, ProfileFields } from "./standard_profiles.ts";
import { readStandardTable } from "./standard_table.ts";

/** More lanes than any study has: the field is another one. */
const MOST_LANES = 4096;

const LANE_FILES: readonly string[] = [
  FORMAT_FILE,
  GENES_FILE,
  `${GENES_FILE}.gz`,
  PROFILES_FILE,
  UMIS_FILE,
];

/** How a multi-lane folder is split. */
export interface DelaneOptions {
  /** Whether lanes that were split before are replaced. */
  readonly force?: boolean;
  /** The lanes whose files are open at once, 64 if unset. */
  readonly lanesAtOnce?: number;
  /** Stops the work; nothing is left of it. */
  readonly signal?: AbortSignal;
  /**
   * Told of the progress.
   *
   * @param done How much is done.
   * @param total How much there is.
   */
  progress?(done: number, total: number): void;
}

/** A lane that was split off. */
export interface DelanedLane {
  /** The name of the lane. */
  readonly name: string;
  /** The path of its folder. */
  readonly path: string;
  /** The number of its profiles. */
  readonly profilesCount: number;
  /** The number of its entries, as its matrix file has lines. */
  readonly entriesCount: number;
}

/** What was split. */
export interface DelaneSummary {
  /** The path of the source. */
  readonly source: string;
  /** The path of the folder that has one a lane in it. */
  readonly path: string;
  /** The number of genes, the same in all lanes. */
  readonly genesCount: number;
  /** The lanes in the order of their first profiles. */
  readonly lanes: readonly DelanedLane[];
}

/**
 * Splits a folder in the multi-lane standard format, whose lanes may take
 * turns, into a folder a lane: each is in the same format, with the genes of
 * all and the profiles and counts of the lane in their order, and can be
 * imported. All appear at once when they are whole.
 *
 * Memory holds the barcodes and lanes of the profiles and some buffers: it does
 * not grow with the number of entries. The source is read twice, and once more for
 * each further 64 lanes.
 *
 * @param source The path of the folder.
 * @param destination The path of the folder that the lanes go into.
 * @param options Whether older lanes are replaced, and who is told.
 * @returns What was split.
 * @throws {Error} If something is wrong with the source, with file and line; a
 * lane has a name that can't be that of a folder; or something is at the
 * destination that may not be replaced.
 *
 * @example Split two lanes, and import one
 * ```ts
 * import { delane, importBatch, Profiles } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const source = `${folder}/study`;
 * await Deno.mkdir(source);
 * const write = (name: string, text: string) =>
 *   Deno.writeTextFile(`${source}/${name}`, text);
 * await write("format.yaml", "genes: {}\nprofiles:\n  field_types: {age: int}\n");
 * await write("genes.csv", "id,name\nENSG1,CD3D\nENSG2,LYZ\n");
 * await write("profiles.csv", "lane,barcode,age\nA,AAC,7\nB,AAC,8\nA,GGT,9\n");
 * await write(
 *   "umis.mtx",
 *   "%%MatrixMarket matrix coordinate integer general\n" +
 *     "2 3 3\n1 1 5\n2 2 4\n2 3 300\n",
 * );
 *
 * const { lanes } = await delane(source, `${folder}/lanes`);
 * assertEquals(lanes.map(({ name }) => name), ["A", "B"]);
 *
 * await importBatch(`${folder}/lanes/A`, `${folder}/a`);
 * using cells = await Profiles.load(`${folder}/a`);
 * assertEquals([...await cells.totalUmis("p")], [5, 300]);
 * assertEquals([...await cells.array("p", "age", "int32")], [7, 9]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function delane(
  source: string,
  destination: string,
  options: DelaneOptions = {},
): Promise<DelaneSummary> {
  const files = findStandardFiles(source, "delane");
  checkDestination(source, destination, options.force ?? false);
  const format = new DirFormat(files.format);
  const data = await readLanes(files, format);
  const genesCount = await countGenes(files, format);
  await buildFolderAtomically(
    destination,
    { force: options.force ?? false, isReplaceable: isDelaned },
    (root) => writeLanes({ files, format, data, genesCount, root }, options),
  );
  const lanes = [...data.dataOfLanes.values()].map((lane) => ({
    name: lane.name,
    path: joinPath(destination, lane.folderName),
    profilesCount: lane.profilesCount,
    entriesCount: lane.entriesCount,
  }));
  return { source, path: destination, genesCount, lanes };
}

function checkDestination(
  source: string,
  destination: string,
  force: boolean,
): void {
  if (isOverlapping(source, destination)) {
    throw new Error(
      `Cannot delane ${source} to ${destination}: ` +
        "one of them is inside the other",
    );
  }
  checkReplaceable(destination, { force, isReplaceable: () => true });
  if (pathKind(destination) === "missing" || isDelaned(destination)) return;
  throw new Error(
    `Cannot replace ${destination}: it has other things than lanes in it, ` +
      "and nothing else is replaced by them",
  );
}

/** Whether a folder has nothing in it but lanes that were split off. */
function isDelaned(path: string): boolean {
  return pathKind(path) === "folder" &&
    listFolder(path).map((name) => joinPath(path, name)).every((lane) => {
      if (pathKind(lane) !== "folder") return false;
      const names = listFolder(lane);
      return names.includes(UMIS_FILE) &&
        names.every((name) => LANE_FILES.includes(name));
    });
}

/** The first pass over the profiles. */
async function readLanes(
  files: StandardFiles,
  format: DirFormat,
): Promise<DelaneData> {
  const { profiles: path } = files;
  const data = new DelaneData();
  await readStandardTable(path, format.profiles, (fields) => {
    fields.take(LANE_FIELD);
    const known = new ProfileFields(fields);
    return (values, line) => {
      addProfile(data, values[known.laneAt]!, path, line);
      known.check(values, line);
    };
  });
  if (data.dataOfLanes.size > 0) return data;
  throw new SyntaxError(`Cannot delane ${path}: it has no profiles`);
}

function addProfile(
  data: DelaneData,
  lane: string,
  path: string,
  line: number,
): void {
  try {
    data.addProfile(lane);
  } catch (error) {
    const { message } = error as Error;
    const why = message.charAt(0).toLowerCase() + message.slice(1);
    throw new Error(lineError(path, line, why).message, { cause: error });
  }
  if (data.dataOfLanes.size <= MOST_LANES) return;
  const why = `a lane more than ${MOST_LANES}: the field lane is to have the ` +
    "name of what was sequenced together";
  throw lineError(path, line, why);
}

/** Reads the genes only to see that they are right. */
function countGenes(files: StandardFiles, format: DirFormat): Promise<number> {
  const { genes: path } = files;
  return readStandardTable(path, format.genes, (fields) => {
    const at = fields.take("name", "id");
    const idAt = fields.find("id");
    return (values, line) => {
      if (values[at] || values[idAt]) return;
      throw lineError(path, line, "the name is empty");
    };
  });
}
