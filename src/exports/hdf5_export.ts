/** What exporters of HDF5 files share. */
import { type Hdf5Appender, Hdf5Writer } from "../io/hdf5_writer.ts";
import {
  countArray,
  type CountType,
  countType,
  startsWith,
  withSink,
} from "./export_file.ts";
import type { CountsMeasure, ExportSource } from "./export_source.ts";

/** How an entry is written. */
export interface EntryTypes {
  /** The type of the counts. */
  readonly data: CountType;
  /** The type of the indices of genes. */
  readonly indices: CountType;
  /** The type of the offsets. */
  readonly indptr: CountType;
}

/**
 * Writes a new HDF5 file, which is removed again on an error.
 *
 * @param path The path, where nothing may be yet.
 * @param write Writes the content.
 */
export async function withHdf5(
  path: string,
  write: (file: Hdf5Writer) => Promise<void>,
): Promise<void> {
  await withSink(path, async (sink) => {
    const file = new Hdf5Writer(sink);
    await write(file);
    file.finish();
  });
}

/**
 * Whether a file is of HDF5.
 *
 * @param path The path of something that exists.
 * @returns True where it starts like one.
 */
export function isHdf5(path: string): boolean {
  return startsWith(path, "\x89HDF\r\n\x1a\n");
}

/**
 * Checks that texts can be written.
 *
 * @param source What is exported.
 * @param what What they are of, as `profile`.
 * @param texts The texts, one for each of those.
 * @throws {Error} If one has a NUL in it, where it would end.
 */
export function checkTexts(
  source: ExportSource,
  what: string,
  texts: readonly string[],
): void {
  const wrong = texts.findIndex((text) => text.includes("\0"));
  if (wrong < 0) return;
  throw new Error(
    `Cannot export ${source.path}: ${JSON.stringify(texts[wrong])} of ` +
      `${what} ${wrong} has a NUL in it, which an HDF5 file cannot hold`,
  );
}

/**
 * Finds what a pass over the counts tells, and the smallest types for it.
 *
 * @param source What is exported.
 * @returns Both.
 */
export async function measureEntries(
  source: ExportSource,
): Promise<{ readonly measure: CountsMeasure; readonly types: EntryTypes }> {
  const measure = await source.measure();
  const indptr = countType(measure.entriesCount);
  const data = countType(measure.mostCount);
  return { measure, types: { data, indices: indptr, indptr } };
}

/**
 * Writes the counts as `data`, `indices` and `indptr`: profile by profile,
 * genes ascending. It is a pass.
 *
 * @param source What is exported.
 * @param file The file.
 * @param matrix The group that they go to, their types, and what a pass told.
 * @throws {Error} If there is another number of counts than there was.
 */
export async function writeEntries(
  source: ExportSource,
  file: Hdf5Writer,
  matrix: {
    readonly group: string;
    readonly measure: CountsMeasure;
    readonly types: EntryTypes;
  },
): Promise<void> {
  const { group, measure, types } = matrix;
  const data = new EntriesWriter(file, `${group}/data`, types.data);
  const indices = new EntriesWriter(file, `${group}/indices`, types.indices);
  let written = 0;
  for await (const { rows } of source.rows()) {
    for (const { genes, counts } of rows) {
      data.add(counts);
      indices.add(genes);
      written += genes.length;
    }
  }
  if (written !== measure.entriesCount) {
    throw new Error(
      `Cannot export ${source.path}: it changed while it was read`,
    );
  }
  file.numbers(`${group}/indptr`, types.indptr, offsetsOf(measure, types));
}

function offsetsOf(
  { perProfile }: CountsMeasure,
  { indptr }: EntryTypes,
): Int32Array | BigInt64Array {
  const offsets = new Float64Array(perProfile.length + 1);
  perProfile.forEach((count, at) => offsets[at + 1] = offsets[at]! + count);
  return countArray(indptr, offsets);
}

/** Numbers from 0 to 2^32-1, in as many bytes as are asked for. */
class EntriesWriter {
  readonly #values: Hdf5Appender;
  readonly #isWide: boolean;
  #wide = new Uint32Array(0);

  constructor(file: Hdf5Writer, path: string, type: CountType) {
    this.#values = file.append(path, type);
    this.#isWide = type === "int64";
  }

  add(values: Uint32Array): void {
    this.#values.add(this.#isWide ? this.#widen(values) : values);
  }

  /** The upper halves stay zero; to make bigints of them takes long. */
  #widen(values: Uint32Array): Uint32Array {
    const length = 2 * values.length;
    if (length > this.#wide.length) this.#wide = new Uint32Array(length);
    const wide = this.#wide;
    for (let at = 0; at < values.length; at++) wide[2 * at] = values[at]!;
    return wide.subarray(0, length);
  }
}
