/** The second half of `delane`: writes the folders of the lanes. */
import { FileSink } from "../../io/file_sink.ts";
import { makeFolder, readFileBytes } from "../../io/files.ts";
import { baseName, joinPath } from "../../io/paths.ts";
import type { DelaneData } from "./delane_data.ts";
import type { DirFormat } from "./dir_format.ts";
import type { LaneData } from "./lane_data.ts";
import { LaneTables } from "./lane_tables.ts";
import { MtxReader } from "../mtx/mtx_reader.ts";
import type { StandardFiles } from "./standard_files.ts";
import { checkSizes } from "./standard_format.ts";
import { readStandardTable } from "./standard_table.ts";

/** The lanes whose files are open at once: of more, the source is read again. */
const LANES_AT_ONCE = 64;
/** Counts are written as integers, whatever the notation of the source. */
const HEADER_LINE = "%%MatrixMarket matrix coordinate integer general";

/** What is to be written, and where. */
export interface DelaneJob {
  /** The files of the source. */
  readonly files: StandardFiles;
  /** How its tables are laid out. */
  readonly format: DirFormat;
  /** Its lanes and profiles. */
  readonly data: DelaneData;
  /** How many genes it has. */
  readonly genesCount: number;
  /** The folder that the lanes go into. */
  readonly root: string;
}

/** How lanes are written, and who is told. */
export interface WriteLanesOptions {
  /** The lanes whose files are open at once. */
  readonly lanesAtOnce?: number;
  /** Stops the work. */
  readonly signal?: AbortSignal;
  /**
   * Told of the progress.
   *
   * @param done How much is done.
   * @param total How much there is.
   */
  progress?(done: number, total: number): void;
}

/** A pass over the counts, among all. */
interface Pass extends WriteLanesOptions {
  readonly pass: number;
  readonly passes: number;
}

/**
 * Writes the folders of all lanes, some at a time.
 *
 * @param job What is to be written, and where.
 * @param options How many at a time, and who is told.
 * @throws {Error} If something is wrong with the counts, or the source changed.
 */
export async function writeLanes(
  job: DelaneJob,
  options: WriteLanesOptions,
): Promise<void> {
  const { files, root } = job;
  const lanes = [...job.data.dataOfLanes.values()];
  const atOnce = options.lanesAtOnce ?? LANES_AT_ONCE;
  const copies = [files.format, files.genes]
    .map((path) => ({ name: baseName(path), bytes: readFileBytes(path) }));
  for (let first = 0; first < lanes.length; first += atOnce) {
    const some = new Set(lanes.slice(first, first + atOnce));
    for (const lane of some) {
      const folder = joinPath(root, lane.folderName);
      makeFolder(folder);
      copies.forEach(({ name, bytes }) =>
        writeFile(joinPath(folder, name), bytes)
      );
    }
    await writeProfiles(job, some);
    const pass = first / atOnce;
    const passes = Math.ceil(lanes.length / atOnce);
    await writeUmis(job, some, { ...options, pass, passes });
  }
}

function writeFile(path: string, bytes: Uint8Array): void {
  const sink = FileSink.create(path);
  try {
    sink.write(bytes);
    sink.finish();
  } catch (error) {
    sink.abort();
    throw error;
  }
}

async function writeProfiles(
  { files, format, data, root }: DelaneJob,
  lanes: ReadonlySet<LaneData>,
): Promise<void> {
  const { profiles: path } = files;
  using tables = new LaneTables(root, lanes, format.profiles);
  let at = 0;
  await readStandardTable(path, format.profiles, (fields) => {
    tables.begin(fields.names);
    return (values) => {
      const profile = data.dataOfProfiles[at++];
      if (!profile) throw changedError(path);
      if (lanes.has(profile.laneData)) tables.add(profile.laneData, values);
    };
  });
  if (at !== data.dataOfProfiles.length) throw changedError(path);
  tables.finish();
}

async function writeUmis(
  job: DelaneJob,
  lanes: ReadonlySet<LaneData>,
  options: Pass,
): Promise<void> {
  try {
    for (const lane of lanes) {
      lane.writeUmisMatrix(job.root, HEADER_LINE, job.genesCount);
    }
    await readUmis(job, lanes, options);
    for (const lane of lanes) lane.finish();
  } finally {
    for (const lane of lanes) lane.abort();
  }
}

async function readUmis(
  { files, data, genesCount }: DelaneJob,
  lanes: ReadonlySet<LaneData>,
  { pass, passes, progress, signal }: Pass,
): Promise<void> {
  const { dataOfProfiles } = data;
  const isAll = passes === 1;
  const reader = new MtxReader(files.umis);
  try {
    const header = await reader.readHeader();
    const profilesCount = dataOfProfiles.length;
    checkSizes(files, header, { genesCount, profilesCount });
    const { entriesCount } = header;
    const { parser } = reader;
    for (;;) {
      const length = await reader.readEntries();
      if (length === undefined) break;
      signal?.throwIfAborted();
      const { rows, columns, counts } = parser;
      for (let at = 0; at < length; at++) {
        const { laneData, indexInLane } = dataOfProfiles[columns[at]!]!;
        if (!isAll && !lanes.has(laneData)) continue;
        laneData.addEntry(rows[at]! + 1, indexInLane, counts[at]!);
      }
      const done = pass * entriesCount + parser.entriesRead;
      progress?.(done, passes * entriesCount);
    }
  } finally {
    await reader.close();
  }
}

function changedError(path: string): Error {
  return new Error(`Cannot delane ${path}: it changed while it was read`);
}
