/** What the codes of the operating system mean to a reader of messages. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "it exists already",
  ENOSPC: "the disk is full",
  EROFS: "the file system can only be read",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its links lead in a circle",
  ESPIPE: "it is a pipe, and has to be a file",
};

/**
 * Turns an error of the operating system into one line that says what could
 * not be done and why.
 *
 * @param action What was tried, as it follows "Cannot".
 * @param error What was thrown.
 * @returns An error with the message and the original as its cause.
 */
export function describeSystemError(action: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error
    ? String(error.code)
    : "";
  const why = MEANINGS[code] ?? message.split("\n")[0]!;
  return new Error(`Cannot ${action}: ${why}`, { cause: error });
}
