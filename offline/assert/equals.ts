import nodeAssert from "node:assert";
import { AssertionError, messageSuffix } from "./assertion_error.ts";

/**
 * Throws unless the two values are deeply equal.
 *
 * @param actual The value.
 * @param expected What it should be.
 * @param msg Added to the message of the error.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    nodeAssert.deepStrictEqual(actual, expected);
    compareInstances(actual, expected, new Set());
  } catch (error) {
    throw notEqual("Values are not equal", error, msg);
  }
}

/**
 * Throws when the two values are deeply equal.
 *
 * @param actual The value.
 * @param expected What it should not be.
 * @param msg Added to the message of the error.
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (typeof actual !== typeof expected) return;
  try {
    nodeAssert.notDeepEqual(actual, expected);
  } catch (error) {
    throw notEqual("Expected the values to differ", error, msg);
  }
}

/**
 * Throws unless the two are the same value, as `Object.is` has it.
 *
 * @param actual The value.
 * @param expected What it should be.
 * @param msg Added to the message of the error.
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  try {
    nodeAssert.strictEqual(actual, expected);
  } catch (error) {
    throw notEqual("Values are not strictly equal", error, msg);
  }
}

function notEqual(
  what: string,
  cause: unknown,
  msg: string | undefined,
): AssertionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AssertionError(`${what}${messageSuffix(msg)}\n${reason}`);
}

/**
 * The real package compares instances of classes by all of their members,
 * getters and hidden ones too; `node:assert` by their own enumerable fields.
 */
function compareInstances(
  actual: unknown,
  expected: unknown,
  seen: Set<unknown>,
): void {
  if (!isObject(actual) || !isObject(expected)) return;
  if (actual === expected || seen.has(actual) || isComparedByContent(actual)) {
    return;
  }
  seen.add(actual);
  const isBasic = Array.isArray(actual) || isPlain(actual);
  for (const key of isBasic ? Object.keys(actual) : memberNames(actual)) {
    const left: unknown = Reflect.get(actual, key);
    const right: unknown = Reflect.get(expected, key);
    if (!isBasic) nodeAssert.deepStrictEqual(left, right, String(key));
    compareInstances(left, right, seen);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function isComparedByContent(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer ||
    value instanceof SharedArrayBuffer || value instanceof Date ||
    value instanceof RegExp || value instanceof URL ||
    value instanceof Map || value instanceof Set;
}

function memberNames(value: object): Set<string | symbol> {
  const names = new Set<string | symbol>();
  let holder: object | null = value;
  while (holder !== null && holder !== Object.prototype) {
    for (const name of Reflect.ownKeys(holder)) names.add(name);
    holder = Object.getPrototypeOf(holder);
  }
  return names;
}
