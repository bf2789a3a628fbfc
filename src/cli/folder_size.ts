import { fileSize, listFolder, pathKind } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";

/**
 * How many bytes the files of a folder have, without what is only cached.
 *
 * @param path The path of the folder.
 * @returns The sum of the sizes of its files, those of its folders too.
 */
export function folderSize(path: string): number {
  let bytes = 0;
  for (const name of listFolder(path)) {
    if (name === "cache") continue;
    const inside = joinPath(path, name);
    const isFolder = pathKind(inside) === "folder";
    bytes += isFolder ? folderSize(inside) : fileSize(inside);
  }
  return bytes;
}
