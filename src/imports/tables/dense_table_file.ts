import { pathKind } from "../../io/files.ts";

const FILE_NAME = /\.(?:csv|tsv|tab|txt)(?:\.gz)?$/i;
/** Tables of a MatrixMarket folder. */
const NO_COUNTS = /(?:^|[/\\._-])(?:barcodes|features|genes)\.tsv(?:\.gz)?$/;

/**
 * Whether a file is a table that may have counts, by its name.
 *
 * @param path The path of the file.
 * @returns True where it may; false where there is no such file.
 */
export function isTableFile(path: string): boolean {
  return FILE_NAME.test(path) && !NO_COUNTS.test(path) &&
    pathKind(path) === "file";
}
