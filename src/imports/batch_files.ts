/** The files of a batch that say what its source said. */
import {
  type DataArray,
  takeDataArray,
  type TextData,
} from "../arrays/data_array.ts";
import { writeDataArray } from "../arrays/data_array_files.ts";
import { encodeName } from "../arrays/names.ts";
import { GenesSet } from "../genes/genes_set.ts";
import { makeFolder } from "../io/files.ts";
import type { YamlMetadata } from "../metadata/yaml_metadata.ts";
import type { NamedGenes } from "./gene_names.ts";
import type { ArrayKind } from "../profiles/array_names.ts";
import type { ImportSource, SourceGenes } from "./importer.ts";

/**
 * Writes a genes set of a source's own genes.
 *
 * @param folder The folder of the set, which is made.
 * @param source The genes of the source.
 * @param options The names of the genes, and the organism.
 * @returns The genes set.
 */
export async function writeGenesSet(
  folder: string,
  source: SourceGenes,
  options: { readonly named: NamedGenes; readonly organism: string },
): Promise<GenesSet> {
  const { names, geneRows } = options.named;
  makeFolder(folder);
  writeDataArray(folder, "g.name", texts(names));
  if (source.ids) {
    const ids = Array.from(geneRows, (row) => source.ids![row]!);
    writeDataArray(folder, "g.id", texts(ids));
  }
  for (const [name, column] of Object.entries(source.columns)) {
    const values = takeDataArray(column, geneRows);
    writeDataArray(folder, `g.${encodeName(name)}`, values);
  }
  const genes = await GenesSet.created(folder, options.organism);
  writeOrdered(genes.metadata, "g", source.columns);
  return genes;
}

/**
 * Writes what a source says of its profiles and how it spells its genes.
 *
 * @param folder The folder of the batch.
 * @param source The source, or what it says of the profiles of the batch.
 * @param sourceIndex The gene of each source row; below 0 it has none.
 */
export function writeSourceArrays(
  folder: string,
  source: Pick<ImportSource, "genes" | "profiles">,
  sourceIndex: Int32Array,
): void {
  const { barcodes, columns } = source.profiles;
  if (barcodes) writeDataArray(folder, "p.barcode", texts(barcodes));
  for (const [name, column] of Object.entries(columns)) {
    writeDataArray(folder, `p.${encodeName(name)}`, column);
  }
  const names = texts(source.genes.names);
  writeDataArray(folder, "genes.source_name", names);
  const index = sourceIndex.map((gene) => Math.max(gene, -1));
  writeDataArray(folder, "genes.source_index", {
    kind: "number",
    dtype: "int32",
    values: index,
  });
}

/**
 * Adds to metadata which columns have categories that are in order, for their
 * files do not say it.
 *
 * @param metadata The metadata, which are written again if there are any.
 * @param kind What the columns are data of.
 * @param columns The columns.
 */
export function writeOrdered(
  metadata: YamlMetadata,
  kind: ArrayKind,
  columns: Readonly<Record<string, DataArray>>,
): void {
  const ordered = Object.entries(columns)
    .filter(([, data]) => data.kind === "categorical" && data.ordered)
    .map(([name]) => `${kind}.${name}`);
  if (ordered.length > 0) metadata.dump(undefined, { ordered });
}

/**
 * Writes which genes of a genes set a source measured, unless it did all.
 *
 * @param folder The folder of the batch.
 * @param sourceIndex The gene of each source row; below 0 it has none.
 * @param genesCount The number of genes of the set.
 */
export function writeMeasured(
  folder: string,
  sourceIndex: Int32Array,
  genesCount: number,
): void {
  const measured = findMeasured(sourceIndex, genesCount);
  if (!measured.includes(0)) return;
  const flags: DataArray = { kind: "number", dtype: "bool", values: measured };
  writeDataArray(folder, "genes.measured", flags);
}

/**
 * Finds which genes of a genes set a source measured.
 *
 * @param sourceIndex The gene of each source row; below 0 it has none.
 * @param genesCount The number of genes of the set.
 * @returns 1 for each gene that it did, else 0.
 */
export function findMeasured(
  sourceIndex: Int32Array,
  genesCount: number,
): Uint8Array<ArrayBuffer> {
  const measured = new Uint8Array(genesCount);
  for (const gene of sourceIndex) if (gene >= 0) measured[gene] = 1;
  return measured;
}

function texts(values: readonly string[]): TextData {
  return { kind: "text", dtype: "string", values };
}
