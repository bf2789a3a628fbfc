/** What people may well name as a source that is none, and what to do then. */
import type { Hdf5File } from "../io/hdf5_file.ts";

const R_HINT = "DropletUtils::write10xCounts writes its counts";
const UNPACK_HINT = "unpack it, and name what was in it";

/** Formats by the ends of names: what they are, and what helps. */
const FORMATS: readonly (readonly [RegExp, string, string])[] = [
  [/\.loom$/i, "a loom file", "anndata.read_loom reads it into AnnData"],
  [/\.h5mu$/i, "a MuData file", "write a modality of it as .h5ad"],
  [/\.h5seurat$/i, "a Seurat file", R_HINT],
  [/\.(?:rds|rda|rdata|robj|qs)$/i, "an object of R", R_HINT],
  [/\.xlsx?$/i, "a spreadsheet", "write it as CSV"],
  [
    /\.(?:parquet|feather|arrow)$/i,
    "an Arrow or Parquet file",
    "write it as CSV",
  ],
  [/\.np[yz]$/i, "a NumPy file", "write it as AnnData, with names"],
  [/\.mat$/i, "a MATLAB file", "write it as AnnData or CSV"],
  [/\.(?:bam|sam|cram)$/i, "a file of reads", "count them first"],
  [/\.f(?:ast)?q(?:\.gz)?$/i, "a file of reads", "count them first"],
  [/\.(?:tar(?:\.\w+)?|tgz|zip|7z|rar)$/i, "an archive", UNPACK_HINT],
  [/\.(?:bz2|xz|zst|lz4|z)$/i, "a packed file", "unpack it, or use gzip"],
];

/** What kallisto and bustools call their files, with cells in rows. */
const BUSTOOLS = /^cells_x_(?:genes|tcc)(?:\.\w+)*\.mtx$/;
/** What alevin calls its matrix. */
const ALEVIN = /^quants_mat\.(?:gz|mtx(?:\.gz)?)$/;

/**
 * Says what a file is that has the name of a format that is not read.
 *
 * @param path The path of the file.
 * @returns What it is, and what helps; undefined where the name says nothing.
 */
export function describeUnreadFile(path: string): string | undefined {
  const found = FORMATS.find(([ending]) => ending.test(path));
  return found && unread(found[1], found[2]);
}

/**
 * Says what a folder is that has files of a format that is not read.
 *
 * @param names The names of its files.
 * @returns What it is, and what helps; undefined where the names say nothing.
 */
export function describeUnreadFolder(
  names: readonly string[],
): string | undefined {
  if (names.some((name) => BUSTOOLS.test(name))) {
    return "it is a folder of kallisto and bustools: call its files " +
      "matrix.mtx, barcodes.tsv and features.tsv, and import it with " +
      "`genesIn` columns";
  }
  if (!names.some((name) => ALEVIN.test(name))) return undefined;
  return unread("a folder of alevin", "write it as AnnData");
}

/**
 * Says what an HDF5 file is that is none of 10x.
 *
 * @param file The file.
 * @returns What it is, and what helps; undefined where its root says nothing.
 */
export function describeUnreadHdf5(file: Hdf5File): string | undefined {
  const names = file.keys("/");
  const has = (...some: string[]) => some.every((name) => names.includes(name));
  if (has("obs", "var")) {
    return has("mod")
      ? unread("a MuData file", "write a modality of it as .h5ad")
      : "it is an AnnData file: `from` h5ad reads it";
  }
  if (has("matrix", "row_attrs", "col_attrs")) {
    return unread("a loom file", "anndata.read_loom reads it into AnnData");
  }
  if (has("barcode_idx", "umi")) {
    return unread("a file of molecules", "take the matrix beside it");
  }
  return has("assays") ? unread("a Seurat file", R_HINT) : undefined;
}

function unread(what: string, hint: string): string {
  return `it is ${what}, which is not read; ${hint}`;
}
