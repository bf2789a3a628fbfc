/** Figures of repeated runs, and tables of them. */

/**
 * The middle one of some values, or the mean of the two in the middle.
 *
 * @param values The values, in any order.
 * @returns The median, NaN of none.
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? NaN;
  const high = sorted[Math.floor(middle)] ?? NaN;
  return (low + high) / 2;
}

/**
 * Formats rows as a Markdown table, the columns as wide as they need to be.
 *
 * @param header The names of the columns; the first one is aligned to the left.
 * @param rows The cells.
 * @returns The lines.
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = header.map((name, at) =>
    Math.max(3, name.length, ...rows.map((row) => (row[at] ?? "").length))
  );
  const line = (cells: readonly string[]) =>
    "| " + widths.map((width, at) => {
      const cell = cells[at] ?? "";
      return at === 0 ? cell.padEnd(width) : cell.padStart(width);
    }).join(" | ") + " |";
  const rule = widths.map((width, at) =>
    at === 0 ? "-".repeat(width) : "-".repeat(width - 1) + ":"
  );
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}

/**
 * Formats a count with commas.
 *
 * @param value The count.
 * @returns The text, a dash where there is no value.
 */
export function formatCount(value: number): string {
  return Number.isFinite(value)
    ? Math.round(value).toLocaleString("en-US")
    : "-";
}

/**
 * Formats a ratio.
 *
 * @param value The ratio.
 * @returns The text, a dash where there is none.
 */
export function formatRatio(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : "-";
}
