/**
 * A whole number with its thousands apart.
 *
 * @param value The number.
 * @returns As `2,286,884`.
 */
export function formatCount(value: number): string {
  return value.toLocaleString("en-US");
}

/**
 * A size in a unit that suits it.
 *
 * @param bytes The size in bytes.
 * @returns As `4.61 MB`; megabytes are millions of bytes.
 */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  for (; size >= 999.5 && unit < units.length - 1; unit++) size /= 1000;
  return `${unit === 0 ? size : size.toPrecision(3)} ${units[unit]}`;
}

/**
 * A count and what is counted.
 *
 * @param count How many.
 * @param one What one is called.
 * @param many What several are called, by default with an `s`.
 * @returns As `1 entry` or `2 entries`.
 */
export function formatMany(
  count: number,
  one: string,
  many = `${one}s`,
): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/**
 * A count of profiles of a kind.
 *
 * @param count How many.
 * @param kind What several are called, as `cells`.
 * @returns As `1 cell` or `274 cells`.
 */
export function formatKind(count: number, kind: string): string {
  return formatMany(count, singularOf(kind), kind);
}

/** As `cell` of `cells`; words as `species` and `nuclei` stay. */
function singularOf(kind: string): string {
  return kind.replace(/(?<!ie|[sxz]e|[cs]he|[aious])s$/, "");
}

/**
 * Lists names without flooding the reader.
 *
 * @param names The names.
 * @param limit How many to write out.
 * @returns As `A, B, C and 4 more`.
 */
export function listNames(names: readonly string[], limit = 10): string {
  const shown = names.slice(0, limit).join(", ");
  const more = names.length - limit;
  return more > 0 ? `${shown} and ${formatCount(more)} more` : shown;
}

/**
 * Makes a text fit in a field of a table.
 *
 * @param text The text.
 * @returns The same, with tabs and ends of lines written as `\t`, `\n`, `\r`.
 */
export function tsvField(text: string): string {
  return text.replaceAll("\t", "\\t").replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
}
