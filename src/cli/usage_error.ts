/**
 * A command line that can't be understood: exit code 2, where any other
 * failure is 1.
 */
export class UsageError extends Error {
  /** @param message What is wrong, as it follows `Cannot run metacell …: `. */
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
