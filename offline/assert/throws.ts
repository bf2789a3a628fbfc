import { AssertionError, messageSuffix } from "./assertion_error.ts";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

interface ErrorExpectation {
  errorClass?: ErrorClass<Error> | undefined;
  msgIncludes?: string | undefined;
  msg?: string | undefined;
}

/**
 * Throws unless the function does, and with the class and text if given.
 *
 * @param fn The function.
 * @param msg Added to the message of the error.
 * @returns What the function threw.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Throws unless the function does, and with the class and text if given.
 *
 * @param fn The function.
 * @param ErrorClass The class that it should throw.
 * @param msgIncludes What the message should hold.
 * @param msg Added to the message of the error.
 * @returns What the function threw.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  errorClassOrMsg?: ErrorClass<Error> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expectation = readExpectation(errorClassOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    checkError(error, expectation);
    return error;
  }
  throw new AssertionError(
    `Expected function to throw${messageSuffix(expectation.msg)}`,
  );
}

/**
 * Throws unless the promise is rejected, and with the class and text if given.
 *
 * @param fn Makes the promise.
 * @param msg Added to the message of the error.
 * @returns What the promise was rejected with.
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Throws unless the promise is rejected, and with the class and text if given.
 *
 * @param fn Makes the promise.
 * @param ErrorClass The class that it should be rejected with.
 * @param msgIncludes What the message should hold.
 * @param msg Added to the message of the error.
 * @returns What the promise was rejected with.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  errorClassOrMsg?: ErrorClass<Error> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expectation = readExpectation(errorClassOrMsg, msgIncludes, msg);
  const promise = startPromise(fn, expectation.msg);
  try {
    await promise;
  } catch (error) {
    checkError(error, expectation);
    return error;
  }
  throw new AssertionError(
    `Expected function to reject${messageSuffix(expectation.msg)}`,
  );
}

function readExpectation(
  errorClassOrMsg: ErrorClass<Error> | string | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): ErrorExpectation {
  if (typeof errorClassOrMsg === "string") return { msg: errorClassOrMsg };
  return { errorClass: errorClassOrMsg, msgIncludes, msg };
}

/** A function that throws, or gives no promise, does not reject. */
function startPromise(
  fn: () => PromiseLike<unknown>,
  msg: string | undefined,
): PromiseLike<unknown> {
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
  } catch {
    // Told below: what it threw does not count.
  }
  if (typeof promise?.then === "function") return promise;
  throw new AssertionError(
    `Function throws when expected to reject${messageSuffix(msg)}`,
  );
}

function checkError(error: unknown, expectation: ErrorExpectation): void {
  const { errorClass, msgIncludes, msg } = expectation;
  if (errorClass === undefined) return;
  if (!(error instanceof Error)) {
    throw new AssertionError(
      `A non-Error object was thrown${messageSuffix(msg)}`,
    );
  }
  const actualClass = error.constructor.name;
  if (!(error instanceof errorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${errorClass.name}", but was "${actualClass}"${
        messageSuffix(msg)
      }`,
    );
  }
  if (msgIncludes && !error.message.includes(msgIncludes)) {
    throw new AssertionError(
      `Expected error message to include ${
        JSON.stringify(msgIncludes)
      }, but got ${JSON.stringify(error.message)}${messageSuffix(msg)}`,
    );
  }
}
