/** The HDF5 file that Cell Ranger 3 and later write. */
import type { Hdf5Writer } from "../io/hdf5_writer.ts";
import type { Exporter } from "./exporter.ts";
import type { ExportSource } from "./export_source.ts";
import { tenxTypes } from "./feature_types.ts";
import {
  checkTexts,
  isHdf5,
  measureEntries,
  withHdf5,
  writeEntries,
} from "./hdf5_export.ts";

const GENE_DATA: readonly string[] = [
  "id",
  "feature_type",
  "feature_types",
  "genome",
];

/** The exporter of 10x HDF5 files. */
export const TENX_HDF5: Exporter = {
  name: "10x-h5",
  summary: "a 10x HDF5 file of version 3",
  ending: ".h5",
  hasNames: true,
  holds: (kind, name) => kind === "g" && GENE_DATA.includes(name),
  isReplaceable: isHdf5,
  async write(source, path) {
    source.passes = 2;
    checkNames(source);
    await withHdf5(path, async (file) => {
      file.root({ filetype: "matrix", version: 2n });
      file.fixedTexts("matrix/barcodes", source.profileNames);
      await writeFeatures(source, file);
      const { measure, types } = await measureEntries(source);
      await writeEntries(source, file, {
        group: "matrix",
        measure,
        // Whatever their size, as Cell Ranger has them.
        types: { data: types.data, indices: "int64", indptr: "int64" },
      });
      const { genesCount, profilesCount } = source;
      const shape = Int32Array.of(genesCount, profilesCount);
      file.numbers("matrix/shape", "int32", shape);
    });
  },
};

async function writeFeatures(
  source: ExportSource,
  file: Hdf5Writer,
): Promise<void> {
  const { geneIds, geneNames } = source;
  const genomes = await source.geneTexts("genome");
  const columns = {
    _all_tag_keys: ["genome"],
    feature_type: tenxTypes(source),
    genome: geneNames.map((_, at) => genomes?.[at] ?? ""),
    id: geneNames.map((name, at) => geneIds?.[at] || name),
    name: geneNames,
  };
  for (const [name, texts] of Object.entries(columns)) {
    checkTexts(source, `${name} of gene`, texts);
    file.fixedTexts(`matrix/features/${name}`, texts);
  }
}

/** A name that is empty can't be told from one that is missing. */
function checkNames(source: ExportSource): void {
  checkTexts(source, "profile", source.profileNames);
  const empty = source.profileNames.indexOf("");
  if (empty < 0) return;
  throw new Error(
    `Cannot export ${source.path}: "" of profile ${empty} is empty`,
  );
}
