import { install_local_plugins } from "h5wasm-plugins";
import { File, type GuessableDataTypes, ready } from "h5wasm/node";

/** How a dataset is written. */
export interface Hdf5Written {
  /** The values. */
  readonly data: GuessableDataTypes;
  /** The type as numpy would name it; found from the values if unset. */
  readonly dtype?: string;
  /** The extents, where it has not one dimension. */
  readonly shape?: number[];
  /** The extents of chunks, which may be larger than the data. */
  readonly chunks?: number[];
  /** The level of gzip; none if unset. */
  readonly gzip?: number;
  /** Another filter: its number, and what it is given. */
  readonly filter?: readonly [number, readonly number[]];
}

/** The datasets of a file by their paths; those that are undefined are not. */
export type Hdf5Tree = Readonly<
  Record<string, GuessableDataTypes | Hdf5Written | undefined>
>;

let hasPlugins = false;

/**
 * Writes an HDF5 file by another build of the library than the one that reads.
 *
 * @param path Where to.
 * @param tree What it holds.
 */
export async function writeHdf5(path: string, tree: Hdf5Tree): Promise<void> {
  const library = await ready;
  if (!hasPlugins) install_local_plugins(library);
  hasPlugins = true;
  const file = new File(path, "w");
  for (const [place, written] of Object.entries(tree)) {
    if (written === undefined) continue;
    makeGroups(file, place);
    const { gzip, filter, ...rest } = isWritten(written)
      ? written
      : { data: written };
    file.create_dataset({
      name: place,
      ...rest,
      // Chunks may be larger than the data only where these may grow.
      ...rest.chunks && { maxshape: rest.chunks.map(() => null) },
      ...gzip !== undefined && { compression: gzip },
      ...filter && { compression: filter[0], compression_opts: [...filter[1]] },
    });
  }
  file.close();
}

/**
 * Adds a link to another file.
 *
 * @param path The path of the file that gets it.
 * @param name The name of the link.
 * @param target The other file, and what there is in it.
 */
export async function linkHdf5(
  path: string,
  name: string,
  target: { readonly file: string; readonly path: string },
): Promise<void> {
  await ready;
  const file = new File(path, "a");
  file.create_external_link(target.file, target.path, name);
  file.close();
}

function isWritten(
  written: GuessableDataTypes | Hdf5Written,
): written is Hdf5Written {
  return typeof written === "object" && "data" in written;
}

function makeGroups(file: File, place: string): void {
  const names = place.split("/").slice(0, -1);
  names.forEach((_, at) => {
    const group = names.slice(0, at + 1).join("/");
    if (file.get(group) === null) file.create_group(group);
  });
}
