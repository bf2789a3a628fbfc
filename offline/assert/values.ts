import { AssertionError, messageSuffix } from "./assertion_error.ts";

/** Every value that counts as false. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/**
 * Throws unless the value counts as true.
 *
 * @param expr The value.
 * @param msg The message of the error.
 */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/**
 * Throws unless the value counts as false.
 *
 * @param expr The value.
 * @param msg The message of the error.
 */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}

/**
 * Throws when the value is null or undefined.
 *
 * @param actual The value.
 * @param msg Added to the message of the error.
 */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not be null or undefined${
      messageSuffix(msg)
    }`,
  );
}

/**
 * Throws unless the value is an instance of the class.
 *
 * @param actual The value.
 * @param expectedType The class.
 * @param msg Added to the message of the error.
 */
export function assertInstanceOf<
  // deno-lint-ignore no-explicit-any
  T extends abstract new (...args: any[]) => any,
>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const actualType = actual === null || typeof actual !== "object"
    ? String(actual === null ? null : typeof actual)
    : actual.constructor?.name ?? "Object";
  throw new AssertionError(
    `Expected object to be an instance of "${expectedType.name}" but was "${actualType}"${
      messageSuffix(msg)
    }`,
  );
}

/**
 * Throws unless the text matches.
 *
 * @param actual The text.
 * @param expected What it has to match.
 * @param msg Added to the message of the error.
 */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to match: "${expected}"${messageSuffix(msg)}`,
  );
}

/**
 * Throws unless the text holds the other.
 *
 * @param actual The text.
 * @param expected What it has to hold.
 * @param msg Added to the message of the error.
 */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to contain: "${expected}"${
      messageSuffix(msg)
    }`,
  );
}
