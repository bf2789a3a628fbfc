import { baseName } from "../io/paths.ts";
import { CSV } from "./csv.ts";
import type { Exporter } from "./exporter.ts";
import { H5AD } from "./h5ad.ts";
import { NPY } from "./npy.ts";
import { NPZ } from "./npz.ts";
import { TENX_HDF5 } from "./tenx_hdf5.ts";
import { TENX_FOLDER } from "./tenx_folder.ts";

/** All exporters, in the order of help. */
export const EXPORTERS: readonly Exporter[] = [
  TENX_FOLDER,
  TENX_HDF5,
  H5AD,
  NPZ,
  NPY,
  CSV,
];

/**
 * Finds the exporter of a destination.
 *
 * @param path Where the export goes: the end of its name tells the format, and
 * a name without an end is that of a folder.
 * @param to The name of the exporter, where the caller knows.
 * @returns The exporter.
 * @throws {Error} If there is none of the name, or the path does not tell.
 */
export function findExporter(path: string, to?: string): Exporter {
  const name = baseName(path).toLowerCase();
  const found = to === undefined
    ? EXPORTERS.find(({ ending }) => ending && name.endsWith(ending)) ??
      (hasEnding(name) ? undefined : TENX_FOLDER)
    : EXPORTERS.find((exporter) => exporter.name === to);
  if (found) return found;
  const names = EXPORTERS.map(({ name }) => name).join(", ");
  throw new Error(
    to === undefined
      ? `Cannot export to ${path}: its name does not tell the format, ` +
        `name one of ${names} by \`to\``
      : `Cannot export to ${path}: there is no format ${to}, only ${names}`,
  );
}

/** As `.h5ad` or `.tsv.gz`, and not the `.1` of a version. */
function hasEnding(name: string): boolean {
  return /.\.[a-z][a-z0-9]*$/.test(name);
}
