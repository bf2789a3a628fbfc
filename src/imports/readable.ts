import { FileSource } from "../io/file_source.ts";
import { isFileOrFolder, pathKind } from "../io/files.ts";

/**
 * Checks that a file can be opened, before what is in it is asked about: what
 * can't be read would seem to be of no format. A pipe would keep the process
 * waiting, and has nothing left to give the second time.
 *
 * @param path The path of the file.
 * @param action What messages say can't be done.
 * @throws {Error} If it is missing, may not be read, or is no file; with what
 * the system says.
 */
export function requireReadable(path: string, action = "import"): void {
  if (!isFileOrFolder(path)) {
    const why = "it is neither a file nor a folder";
    throw new Error(`Cannot ${action} ${path}: ${why}`);
  }
  FileSource.open(path).close();
}

/**
 * Checks that a source can be opened, if it is a file.
 *
 * @param path The path of the file or folder.
 * @throws {Error} If there is none, or it is a file that can't be read.
 */
export function requireSource(path: string): void {
  if (pathKind(path) === "missing") {
    throw new Error(`Cannot import ${path}: there is no such file or folder`);
  }
  if (pathKind(path) === "file") requireReadable(path);
}
