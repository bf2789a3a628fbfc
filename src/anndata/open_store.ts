import type { ChunkCache } from "../io/chunk_cache.ts";
import { FileSource } from "../io/file_source.ts";
import { isFolder } from "../io/open_file_tree.ts";
import { openHdf5Store } from "./hdf5_store.ts";
import type { NodeStore } from "./nodes.ts";
import { openZarrStore } from "./zarr_store.ts";

const HDF5_SIGNATURE = "\x89HDF\r\n\x1a\n";
/** How the first entry of a zip file starts, and the end of an empty one. */
const ZIP_SIGNATURES = ["PK\x03\x04", "PK\x05\x06"];
/** Where HDF5 first looks behind something else; twice as far each time. */
const FIRST_BLOCK = 512;

/**
 * Opens an HDF5 file or a zarr store, whatever its name: its content says what
 * it is. Needs `--allow-read` for it.
 *
 * @param path The path of the file or folder.
 * @param cache What keeps its chunks with those of other stores, if anything.
 * @returns The store.
 * @throws {Error} If it can't be read, or is neither.
 */
// deno-lint-ignore require-await
export async function openNodeStore(
  path: string,
  cache?: ChunkCache,
): Promise<NodeStore> {
  if (isFolder(path)) return openZarrStore(path, cache);
  switch (formatOf(path)) {
    case "HDF5":
      return openHdf5Store(path, cache);
    case "zip":
      return openZarrStore(path, cache);
    default:
      throw new Error(
        `Cannot read ${path}: it is neither an HDF5 file, ` +
          "nor a zarr folder, nor a zip file of one",
      );
  }
}

function formatOf(path: string): "HDF5" | "zip" | undefined {
  using source = FileSource.open(path);
  const start = textAt(source, 0, 4);
  if (ZIP_SIGNATURES.includes(start)) return "zip";
  const { length } = HDF5_SIGNATURE;
  let at = 0;
  while (at + length <= source.byteLength) {
    if (textAt(source, at, length) === HDF5_SIGNATURE) return "HDF5";
    at = at === 0 ? FIRST_BLOCK : 2 * at;
  }
  return undefined;
}

function textAt(source: FileSource, offset: number, length: number): string {
  const bytes = new Uint8Array(
    Math.max(Math.min(length, source.byteLength - offset), 0),
  );
  source.read(offset, bytes);
  return String.fromCharCode(...bytes);
}
