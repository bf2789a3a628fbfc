import { DENSE_TABLE } from "../../../src/imports/tables/dense_table.ts";
import type {
  ImportSource,
  SourceOptions,
} from "../../../src/imports/importer.ts";
import { withTempFolder } from "../../helpers.ts";

/** What a table was read as. */
export interface ReadTable {
  /** The source, whose file is gone. */
  readonly source: ImportSource;
  /** The counts, a profile after the other, by source row of the genes. */
  readonly counts: number[][];
  /** What progress was told, done and total in turn. */
  readonly progress: number[];
}

/**
 * Reads a table through the importer.
 *
 * @param content The table.
 * @param options What to read of it.
 * @param name The name of its file.
 * @returns All that it has.
 */
export function readTable(
  content: string | Uint8Array,
  options: SourceOptions = {},
  name = "table.csv",
): Promise<ReadTable> {
  return withTempFolder(async (folder) => {
    const path = `${folder}/${name}`;
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    Deno.writeFileSync(path, bytes);
    const source = await DENSE_TABLE.open(path, options);
    const progress: number[] = [];
    const counts = await readCounts(source, folder, progress);
    return { source, counts, progress };
  });
}

/**
 * Reads the counts of a source, and checks that its blocks are as they must be.
 *
 * @param source The source.
 * @param scratch A folder for temporary files.
 * @param progress Gets what progress is told.
 * @returns The counts, a profile after the other, by source row of the genes.
 */
export async function readCounts(
  source: ImportSource,
  scratch: string,
  progress: number[] = [],
): Promise<number[][]> {
  const profiles: number[][] = [];
  let isOpen = false;
  const options = {
    scratch,
    progress: (done: number, total: number) => progress.push(done, total),
  };
  for await (const block of source.blocks(options)) {
    const first = isOpen ? profiles.length - 1 : profiles.length;
    if (block.firstProfile !== first) throw new Error("a block is misplaced");
    for (let at = 0; at + 1 < block.offsets.length; at++) {
      const profile = profiles[first + at] ??= source.genes.names.map(() => 0);
      const [start, end] = block.offsets.subarray(at, at + 2);
      for (let entry = start!; entry < end!; entry++) {
        profile[block.rows[entry]!]! += block.counts[entry]!;
      }
    }
    isOpen = block.isOpen;
  }
  if (isOpen) throw new Error("the last profile is open");
  return profiles;
}

/**
 * Turns rows and columns of a matrix around.
 *
 * @param matrix The matrix, with one row at least.
 * @returns Its transpose.
 */
export function transpose(matrix: readonly (readonly number[])[]): number[][] {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));
}
