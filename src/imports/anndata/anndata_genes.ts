/**
 * What genes of an AnnData file are called: by the index of var, unless that
 * is ids and there is a column of symbols. Ids are such an index, or a column.
 */
import type { AnnDataFile } from "../../anndata/anndata_file.ts";
import {
  type DataArray,
  dataArrayLength,
  isMissing,
  textAt,
} from "../../arrays/data_array.ts";
import { readSourceColumns } from "./anndata_columns.ts";
import { areGeneIds } from "../tables/dense_table_axes.ts";
import { chooseFeatures, type FeatureTable } from "../feature_table.ts";
import type { SourceGenes, SourceOptions } from "../importer.ts";

/** Columns of symbols, as programs call them, the most usual first. */
const SYMBOL_COLUMNS = [
  "gene_symbols",
  "gene_symbol",
  "feature_name",
  "gene_name",
  "gene_names",
  "gene_short_name",
  "symbol",
  "symbols",
  "hgnc_symbol",
  "mgi_symbol",
];
/** Columns of ids, as programs call them. */
const ID_COLUMNS = [
  "gene_ids",
  "gene_id",
  "ensembl_ids",
  "ensembl_id",
  "ensembl_gene_id",
  "ensembl",
  "ensembl_geneid",
  "feature_id",
  "geneid",
];
/** Columns of the types of features, as 10x has them. */
const TYPE_COLUMNS = ["feature_types", "feature_type"];
const GENE_EXPRESSION = "GENE EXPRESSION";
/** So many of the names have to look alike. */
const SHARE = 0.5;

/** The columns of var. */
type Columns = SourceGenes["columns"];

/**
 * Reads the genes of a matrix.
 *
 * @param file The file.
 * @param key The key of the matrix.
 * @param options Which features are kept.
 * @returns The genes, and notes on what is left out.
 * @throws {Error} If a gene has no name, or no feature is as asked for.
 */
export async function readAnnDataGenes(
  file: AnnDataFile,
  key: string,
  options: Pick<SourceOptions, "features">,
): Promise<FeatureTable> {
  const frame = file.genesOf(key);
  const index = await frame.names();
  const { columns, notes } = await readSourceColumns(frame, "g", ["id"]);
  const genes = nameSource(index, columns);
  const empty = genes.names.indexOf("");
  if (empty < 0) {
    return keepFeatures({ genes, notes }, file.name, options.features);
  }
  const path = frame.pathOf(frame.indexName);
  throw file.error(path, `element ${empty} is empty`);
}

/** The names and ids of the genes, as the index and the columns tell them. */
function nameSource(
  index: readonly string[],
  columns: Columns,
): SourceGenes {
  const isIds = areMostly(index, (name) => areGeneIds([name]));
  const isNumbers = areMostly(index, (name) => /^\d+$/.test(name));
  const symbols = isIds || isNumbers
    ? findColumn(columns, SYMBOL_COLUMNS, index.length)
    : undefined;
  const ids = isIds ? index : findColumn(columns, ID_COLUMNS, index.length);
  const names = symbols
    ? symbols.map((symbol, row) => symbol === "" ? index[row]! : symbol)
    : index;
  // An index that is neither the names nor the ids is not lost.
  const rest: [string, DataArray][] = names !== index && ids !== index
    ? [["source_index", { kind: "text", dtype: "string", values: index }]]
    : [];
  const all = { ...columns, ...Object.fromEntries(rest) };
  return { names, columns: all, ...(ids && { ids }) };
}

/** The texts of the first of some columns that has more than a few. */
function findColumn(
  columns: Columns,
  wanted: readonly string[],
  length: number,
): readonly string[] | undefined {
  const byName = new Map(
    Object.entries(columns).map(([name, data]) => [name.toLowerCase(), data]),
  );
  for (const name of wanted) {
    const data = byName.get(name);
    if (!data || data.kind === "number") continue;
    const texts = textsOf(data, length);
    if (areMostly(texts, (text) => text !== "")) return texts;
  }
  return undefined;
}

function textsOf(data: DataArray, length: number): string[] {
  return Array.from(
    { length: Math.min(length, dataArrayLength(data)) },
    (_, row) => isMissing(data, row) ? "" : textAt(data, row),
  );
}

function areMostly(
  texts: readonly string[],
  isSo: (text: string) => boolean,
): boolean {
  return texts.length > 0 &&
    texts.filter(isSo).length >= SHARE * texts.length;
}

/** Keeps features of one type, where the file says the types as 10x does. */
function keepFeatures(
  table: FeatureTable,
  path: string,
  features: string | undefined,
): FeatureTable {
  const { genes, notes } = table;
  const { names, ids = [] } = genes;
  const found = findColumn(genes.columns, TYPE_COLUMNS, names.length);
  const isTenx = found?.some((type) => type.toUpperCase() === GENE_EXPRESSION);
  if (features === undefined && !isTenx) return table;
  const types = found ?? names.map(() => "");
  const chosen = chooseFeatures({ names, ids, types }, { path, features });
  const { included } = chosen.genes;
  return {
    genes: { ...genes, ...(included && { included }) },
    notes: [...notes, ...chosen.notes],
  };
}
