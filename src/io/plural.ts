/**
 * A count and what is counted, for messages.
 *
 * @param count How many.
 * @param one What one is called.
 * @param many What several are called, by default with an `s`.
 * @returns As `1 entry`, `0 entries` or `2 entries`.
 */
export function countOf(
  count: number,
  one: string,
  many = `${one}s`,
): string {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * That there are so many of something, for messages.
 *
 * @param count How many.
 * @param one What one is called.
 * @param many What several are called, by default with an `s`.
 * @returns As `there is 1 entry` or `there are 2 entries`.
 */
export function thereAre(
  count: number,
  one: string,
  many = `${one}s`,
): string {
  return `there ${count === 1 ? "is" : "are"} ${countOf(count, one, many)}`;
}
