/** What exporters of single files share. */
import { FileSink } from "../io/file_sink.ts";
import { FileSource } from "../io/file_source.ts";
import { pathKind } from "../io/files.ts";

/** The types of counts: as few bytes as hold the largest. */
export type CountType = "int32" | "int64";

/**
 * The type that holds all counts.
 *
 * @param most The largest of them.
 * @returns The type; Python's libraries take signed ones best.
 */
export function countType(most: number): CountType {
  return most < 2 ** 31 ? "int32" : "int64";
}

/**
 * Makes an array of counts, or of what is like them.
 *
 * @param type The type.
 * @param values The values.
 * @returns A typed array of its own.
 */
export function countArray(
  type: CountType,
  values: Uint32Array | Float64Array,
): Int32Array | BigInt64Array {
  return type === "int32"
    ? Int32Array.from(values)
    : BigInt64Array.from(values as ArrayLike<number> as number[], BigInt);
}

/**
 * Writes a new file through a sink, which is removed again on an error.
 *
 * @param path The path, where nothing may be yet.
 * @param write Writes the content.
 */
export async function withSink(
  path: string,
  write: (sink: FileSink) => Promise<void>,
): Promise<void> {
  const sink = FileSink.create(path);
  try {
    await write(sink);
    sink.finish();
  } catch (error) {
    sink.abort();
    throw error;
  }
}

/**
 * Whether a file starts with some bytes.
 *
 * @param path The path of something that exists.
 * @param start The bytes, one of ASCII a character.
 * @returns True where it does; false for a folder.
 */
export function startsWith(path: string, start: string): boolean {
  if (pathKind(path) !== "file") return false;
  using source = FileSource.open(path);
  if (source.byteLength < start.length) return false;
  const bytes = new Uint8Array(start.length);
  source.read(0, bytes);
  return bytes.every((byte, at) => byte === start.charCodeAt(at));
}
