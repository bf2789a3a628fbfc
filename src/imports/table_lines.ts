import { openByteStream } from "../io/byte_stream.ts";
import { lineError } from "./import_error.ts";

/**
 * Reads the lines of a text file, plain or gzip. Lines end with `\n` or
 * `\r\n`, the last one perhaps with nothing; empty lines at the end are none.
 *
 * @param path The path of the file.
 * @returns The lines, without their ends.
 * @throws {SyntaxError} If it is not UTF-8.
 */
export async function readTableLines(path: string): Promise<string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const lines: string[] = [];
  let rest = "";
  for await (const chunk of openByteStream(path)) {
    const pieces = (rest + decode(decoder, chunk, path, lines)).split("\n");
    rest = pieces.pop()!;
    for (const piece of pieces) lines.push(withoutReturn(piece));
  }
  lines.push(withoutReturn(rest + decode(decoder, undefined, path, lines)));
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

function decode(
  decoder: TextDecoder,
  chunk: Uint8Array | undefined,
  path: string,
  lines: readonly string[],
): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    const why = "what follows is not UTF-8 text";
    throw lineError(path, lines.length + 1, why);
  }
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
