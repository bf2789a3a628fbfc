/** Whether the files of a store are as they were when it was opened. */
import { type FileState, fileState } from "../../io/file_source.ts";
import { listFolder } from "../../io/files.ts";
import { isFolder } from "../../io/open_file_tree.ts";
import { joinPath } from "../../io/paths.ts";

/** A file or folder, and the state that it was in. */
export interface WatchedFile {
  /** The path. */
  readonly path: string;
  /** The state. */
  readonly state: FileState;
}

/** What says what a folder is. */
const OF_FOLDERS: readonly string[] = [
  "profiles.yaml",
  ".zgroup",
  ".zmetadata",
  "zarr.json",
];

/** What says what an array or a group of them is, and the folders of chunks. */
const OF_ARRAYS: readonly string[] = [
  "",
  "/.zarray",
  "/.zattrs",
  "/.zgroup",
  "/zarr.json",
  "/c",
];

/** The folders of a column, and of its parts. */
const OF_COLUMNS: readonly string[] = [
  "",
  "/codes",
  "/categories",
  "/values",
  "/mask",
].flatMap((part) => [part, `${part}/c`]);

/**
 * Remembers the state of a file, or of the files of a folder that matter.
 *
 * @param path The path.
 * @param matrices The paths of matrices in it. The time of a folder changes
 * when a chunk in it comes, goes or is replaced.
 * @returns Those that there are.
 */
export function watchFiles(
  path: string,
  matrices: readonly string[],
): readonly WatchedFile[] {
  if (!isFolder(path)) return watchPaths([path]);
  const names = [...OF_FOLDERS, ...matrices.flatMap(placesOf)];
  return watchPaths(names.map((name) => joinPath(path, name)));
}

/**
 * Remembers the state of files.
 *
 * @param paths Their paths.
 * @returns Those that there are.
 */
export function watchPaths(paths: readonly string[]): readonly WatchedFile[] {
  const watched: WatchedFile[] = [];
  for (const path of paths) {
    const state = fileState(path);
    if (state !== undefined) watched.push({ path, state });
  }
  return watched;
}

/**
 * Remembers the state of what columns of obs are read from. Of zarr the folders
 * are looked at: their time changes when a chunk comes, goes or is replaced.
 *
 * @param path The path of an AnnData store.
 * @returns What there is; nothing of a file, which is watched as a whole.
 */
export function watchColumns(path: string): readonly WatchedFile[] {
  const table = joinPath(path, "obs");
  if (!isFolder(path) || !isFolder(table)) return [];
  const columns = listFolder(table).map((name) => joinPath(table, name))
    .filter(isFolder);
  return watchPaths(
    columns.flatMap((column) => OF_COLUMNS.map((part) => column + part)),
  );
}

/**
 * Remembers the state of the data that containers have beside their counts.
 *
 * @param folders The folders of the containers.
 * @returns The files of data, of profiles and of what sources call genes.
 */
export function watchData(folders: readonly string[]): readonly WatchedFile[] {
  return watchPaths(
    folders.flatMap((folder) =>
      listFolder(folder).filter((name) => /^(p|genes)\./.test(name))
        .map((name) => joinPath(folder, name))
    ),
  );
}

/**
 * Throws where a file is not as it was.
 *
 * @param files The files.
 */
export function checkFiles(files: readonly WatchedFile[]): void {
  for (const { path, state } of files) {
    const now = fileState(path);
    const how = now === undefined
      ? "it was removed"
      : now.size !== state.size
      ? `its size was ${state.size} and is ${now.size}`
      : now.modified !== state.modified || now.inode !== state.inode
      ? "it was written to"
      : undefined;
    if (how === undefined) continue;
    throw new Error(
      `Cannot read ${path}: it changed since it was opened: ${how}`,
    );
  }
}

function placesOf(matrix: string): string[] {
  return ["", "/data", "/indices", "/indptr"].flatMap((part) =>
    OF_ARRAYS.map((name) => matrix + part + name)
  );
}
