/** Each thread takes some 16 MB, and more of them wait for memory soon. */
const MOST_BY_DEFAULT = 8;

/**
 * How many threads of the CPU compute where nobody says.
 *
 * @returns One a core, 8 at most.
 */
export function defaultThreads(): number {
  return Math.min(navigator.hardwareConcurrency, MOST_BY_DEFAULT);
}
