import { openByteStream } from "../io/byte_stream.ts";
import { lineError } from "./import_error.ts";

/** The longest line, in characters; nothing that names a gene comes near. */
const LONGEST_LINE = 1 << 20;

/**
 * Reads the lines of a text file, plain or gzip. Lines end with `\n` or
 * `\r\n`, the last one perhaps with nothing; empty lines at the end are none.
 * They are handed over one by one, because to keep them all, beside what is
 * made of them, costs more than to read them.
 *
 * @param path The path of the file.
 * @param visit Gets each line, without its end, and its number from 1.
 * @throws {SyntaxError} If the file is not UTF-8, or a line is longer than
 * 1 MiB; with the line.
 */
export async function readTableLines(
  path: string,
  visit: (line: string, number: number) => void,
): Promise<void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let number = 0;
  let emptyCount = 0;
  const take = (line: string): void => {
    if (line === "" || line === "\r") {
      emptyCount++;
      return;
    }
    for (; emptyCount > 0; emptyCount--) visit("", ++number);
    visit(line.endsWith("\r") ? line.slice(0, -1) : line, ++number);
  };
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      const line = number + emptyCount + 1;
      throw lineError(path, line, "here or soon after it is not UTF-8 text");
    }
  };
  let rest = "";
  for await (const chunk of openByteStream(path)) {
    rest = takeLines(rest + decode(chunk), take);
    if (rest.length <= LONGEST_LINE) continue;
    const line = number + emptyCount + 1;
    const why = `it is longer than ${LONGEST_LINE} characters`;
    throw lineError(path, line, why);
  }
  take(rest + decode());
}

/** Hands over the lines that are whole, and returns the rest. */
function takeLines(text: string, take: (line: string) => void): string {
  let start = 0;
  let end = text.indexOf("\n");
  for (; end >= 0; end = text.indexOf("\n", start)) {
    take(text.slice(start, end));
    start = end + 1;
  }
  return text.slice(start);
}
