/** The error of an assertion that does not hold. */
export class AssertionError extends Error {
  /**
   * @param message What does not hold.
   * @param options The options of `Error`.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/**
 * Ends a message the way the real package does.
 *
 * @param msg What the caller adds, if anything.
 * @returns The end of the message.
 */
export function messageSuffix(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}
