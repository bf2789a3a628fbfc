import { lineError, quote } from "../import_error.ts";

/** What the first lines of a MatrixMarket file say. */
export interface MtxHeader {
  /** The number of rows. */
  readonly rowsCount: number;
  /** The number of columns. */
  readonly columnsCount: number;
  /** The number of lines with an entry each. */
  readonly entriesCount: number;
  /** The line that said so. */
  readonly line: number;
}

/** The words of the first line after its `%%MatrixMarket`. */
const BANNER: readonly { what: string; words: readonly string[] }[] = [
  { what: "object", words: ["matrix"] },
  { what: "format", words: ["coordinate"] },
  { what: "type of numbers", words: ["integer", "real", "unsigned-integer"] },
  { what: "symmetry", words: ["general"] },
];

const MOST = 2 ** 32 - 1;

/**
 * Checks the first line of a MatrixMarket file.
 *
 * @param text The line.
 * @param path What messages call the file.
 * @throws {SyntaxError} If it is no such file, or one of a kind that holds no
 * counts.
 */
export function checkBanner(text: string, path: string): void {
  const [magic, ...words] = text.trim().split(/\s+/);
  if (magic?.toLowerCase() !== "%%matrixmarket") {
    const why = `it starts with ${quote(text)}, not with "%%MatrixMarket"`;
    throw lineError(path, 1, why);
  }
  BANNER.forEach(({ what, words: known }, at) => {
    const word = words[at] ?? "";
    if (known.includes(word.toLowerCase())) return;
    const why = `the ${what} ${quote(word)} is not supported, ` +
      `only ${known.join(", ")}`;
    throw lineError(path, 1, why);
  });
}

/**
 * Reads the line of the sizes.
 *
 * @param text The line.
 * @param path What messages call the file.
 * @param line The number of the line.
 * @returns The sizes; nothing but the file's own end bears them out.
 * @throws {SyntaxError} If they are not three whole numbers within bounds.
 */
export function parseSizes(
  text: string,
  path: string,
  line: number,
): MtxHeader {
  const words = text.trim().split(/\s+/);
  if (words.length !== 3 || !words.every((word) => /^\d+$/.test(word))) {
    const why = `${quote(text)} is not the number of rows, of columns ` +
      "and of entries";
    throw lineError(path, line, why);
  }
  const [rowsCount = 0, columnsCount = 0, entriesCount = 0] = words.map(Number);
  if (rowsCount > MOST || columnsCount > MOST) {
    throw lineError(path, line, `more rows or columns than ${MOST}`);
  }
  if (!Number.isSafeInteger(entriesCount)) {
    throw lineError(path, line, `${words[2]} entries are too many`);
  }
  return { rowsCount, columnsCount, entriesCount, line };
}
