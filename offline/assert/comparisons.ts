import { AssertionError, messageSuffix } from "./assertion_error.ts";

/**
 * Throws unless the two numbers are within the tolerance of each other.
 *
 * @param actual The number.
 * @param expected What it should be.
 * @param tolerance How far it may be off: by default a ten millionth of it.
 * @param msg Added to the message of the error.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const delta = Math.abs(expected - actual);
  tolerance ??= isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7;
  if (delta <= tolerance) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to be close to "${expected}": delta "${delta}" is greater than "${tolerance}"${
      messageSuffix(msg)
    }`,
  );
}

/**
 * Throws unless the first is greater than the second.
 *
 * @param actual The value.
 * @param expected What it has to pass.
 * @param msg The message of the error.
 */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (actual > expected) return;
  throw new AssertionError(msg ?? `Expect ${actual} > ${expected}`);
}

/**
 * Throws unless the first is less than the second.
 *
 * @param actual The value.
 * @param expected What it has to stay under.
 * @param msg The message of the error.
 */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (actual < expected) return;
  throw new AssertionError(msg ?? `Expect ${actual} < ${expected}`);
}
