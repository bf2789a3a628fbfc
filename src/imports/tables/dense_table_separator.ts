/** What separates the fields of a table: named, or found. */
import { fieldEnd, findSeparator } from "./dense_table_fields.ts";

/** Names for those that are hard to type. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["\\t", "\t"],
  ["tab", "\t"],
  ["comma", ","],
  ["semicolon", ";"],
  ["bar", "|"],
  ["space", " "],
]);

const BAR = 124;
const BLANK = 32;

/** Says what is wrong where none was found. */
export const NO_SEPARATOR =
  "no comma, tab, semicolon, bar or blank separates its fields";

/**
 * The code of a separator that was named.
 *
 * @param separator One character, or a name as `tab`; undefined: none.
 * @returns Its code, or undefined.
 * @throws {TypeError} If it can't separate fields.
 */
export function separatorCode(
  separator: string | undefined,
): number | undefined {
  if (separator === undefined) return undefined;
  const character = NAMES.get(separator) ?? separator;
  const code = character.charCodeAt(0);
  const isGood = character.length === 1 && code < 128 &&
    !/["\w\r\n.+-]/.test(character);
  if (isGood) return code;
  throw new TypeError(
    `Cannot separate fields by ${JSON.stringify(separator)}: ` +
      "it is not one character that no number or quote has",
  );
}

/**
 * Finds what separates the fields of a table: the tab, comma or semicolon that
 * its header has most of, else its first row. Bars and blanks, which names of
 * genes can have in them, are taken only where they cut both into as many
 * fields, or the header into one less.
 *
 * @param header The bytes of the header.
 * @param row The bytes of the first row.
 * @returns The code of the separator, or undefined where nothing is one.
 */
export function findTableSeparator(
  header: Uint8Array,
  row: Uint8Array,
): number | undefined {
  const common = findSeparator(header, 0, header.length) ??
    findSeparator(row, 0, row.length);
  if (common !== undefined) return common;
  return [BAR, BLANK].find((separator) => {
    const width = strictWidth(row, separator);
    const headerWidth = strictWidth(header, separator);
    const isShort = width === headerWidth + 1;
    return width > 1 && (width === headerWidth || isShort) &&
      (separator === BLANK || headerWidth > 1);
  });
}

/**
 * Counts the fields that a separator cuts a line into.
 *
 * @param line The bytes of the line.
 * @param separator The code of the separator.
 * @returns The count; 0 where something else follows a closing quote, or a
 * quote is not closed.
 */
export function strictWidth(line: Uint8Array, separator: number): number {
  let count = 0;
  for (let at = 0; at <= line.length; at++) {
    at = fieldEnd(line, at, line.length, separator);
    if (at < 0 || at < line.length && line[at] !== separator) return 0;
    count++;
  }
  return count;
}
