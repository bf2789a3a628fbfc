/**
 * Names of arrays and members as parts of file names: any text, on any file
 * system.
 */

/**
 * Endings that would make the file of one array pose as the mask or the
 * categories of another. File systems that ignore case make it any case.
 */
const RESERVED_ENDING = /\.(?=(?:mask|categories)$)/i;

/**
 * Encodes a name for use in a file name: bytes outside `[A-Za-z0-9_.-]`
 * become `%` and two hexadecimal digits, and so does the point of a final
 * `.mask` or `.categories`, which end the names of files beside an array.
 *
 * @param name The name, not empty.
 * @returns The encoded name.
 * @throws {TypeError} If the name is empty or has half of a surrogate pair.
 */
export function encodeName(name: string): string {
  if (name === "") throw new TypeError("Cannot encode a name: it is empty");
  if (!name.isWellFormed()) {
    throw new TypeError(
      `Cannot encode the name ${JSON.stringify(name)}: ` +
        "it has half of a surrogate pair",
    );
  }
  return name
    .replace(/[^A-Za-z0-9_.-]+/g, encodeBytes)
    .replace(RESERVED_ENDING, "%2E");
}

/**
 * Decodes what {@linkcode encodeName} made.
 *
 * @param text The encoded name.
 * @returns The name.
 * @throws {SyntaxError} If it is not what `encodeName` would have made, so
 * that no two files have one name.
 */
export function decodeName(text: string): string {
  try {
    const name = decodeURIComponent(text);
    if (encodeName(name) === text) return name;
  } catch {
    // What is not UTF-8 fails as what is encoded differently does.
  }
  throw new SyntaxError(
    `Cannot decode the name ${JSON.stringify(text)}: ` +
      "it is not percent-encoded as names of files are",
  );
}

/**
 * Checks that names can stand side by side in one folder, also on a file
 * system that ignores case.
 *
 * @param names The names.
 * @throws {Error} If two are equal, or differ only by case.
 */
export function checkNames(names: Iterable<string>): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) throw clash(other, name);
    seen.set(folded, name);
  }
}

function clash(first: string, second: string): Error {
  const names = `${JSON.stringify(first)} and ${JSON.stringify(second)}`;
  const why = first === second ? "are equal" : "differ only by case";
  return new Error(`Cannot use the names ${names} together: they ${why}`);
}

function encodeBytes(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return Array.from(bytes, encodeByte).join("");
}

function encodeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
