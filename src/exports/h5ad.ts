/** A file of AnnData, as its version 0.8 writes and reads it. */
import type { DataArray } from "../arrays/data_array.ts";
import type { Hdf5Writer } from "../io/hdf5_writer.ts";
import { countOf } from "../io/plural.ts";
import type { ArrayKind } from "../profiles/array_names.ts";
import { dataNames } from "./data_names.ts";
import type { Exporter } from "./exporter.ts";
import type { ExportSource } from "./export_source.ts";
import { hasTenxTypes } from "./feature_types.ts";
import { encoding, writeColumn } from "./h5ad_column.ts";
import {
  checkTexts,
  isHdf5,
  measureEntries,
  withHdf5,
  writeEntries,
} from "./hdf5_export.ts";

/** The column that has the names. */
const INDEX = "_index";

/** The list of columns is an attribute, and these have bounds. */
const MOST_COLUMNS = 4000;

/** What else a file has, though there is nothing in it. */
const EMPTY = ["layers", "obsm", "obsp", "uns", "varm", "varp"];

/** What scanpy calls the ids of genes. */
const IDS = "gene_ids";

/** Whether genes were measured, where some were not in all profiles. */
const MEASURED = "measured";

/** A column of a table. */
interface Column {
  /** What the file calls it. */
  readonly name: string;
  /** What the container calls it. */
  readonly source: string;
  /** Reads its values. */
  read(): Promise<DataArray>;
}

/** The exporter of AnnData files. */
export const H5AD: Exporter = {
  name: "h5ad",
  summary: "an AnnData file, with all data of profiles and genes",
  ending: ".h5ad",
  hasNames: true,
  holds: (kind, name) => (kind === "g" || kind === "p") && isColumnName(name),
  isReplaceable: isHdf5,
  async write(source, path) {
    source.passes = 2;
    await withHdf5(path, async (file) => {
      file.root(encoding("anndata", "0.1.0"));
      const { geneNames, profileNames } = source;
      // Tables can be refused, which is soon known.
      await writeTable(source, file, { kind: "p", names: profileNames });
      await writeTable(source, file, { kind: "g", names: geneNames });
      await writeMatrix(source, file);
      for (const name of EMPTY) file.group(name, encoding("dict", "0.1.0"));
    });
  },
};

/** Names are links of a group, where a slash is the way to another one. */
function isColumnName(name: string): boolean {
  return name !== "" && name !== "." && name !== INDEX && !/[/\0]/.test(name);
}

async function writeMatrix(
  source: ExportSource,
  file: Hdf5Writer,
): Promise<void> {
  const { measure, types } = await measureEntries(source);
  const { genesCount, profilesCount } = source;
  const shape = BigInt64Array.of(BigInt(profilesCount), BigInt(genesCount));
  file.group("X", { ...encoding("csr_matrix", "0.1.0"), shape });
  await writeEntries(source, file, { group: "X", measure, types });
}

async function writeTable(
  source: ExportSource,
  file: Hdf5Writer,
  { kind, names }: {
    readonly kind: ArrayKind;
    readonly names: readonly string[];
  },
): Promise<void> {
  const group = kind === "p" ? "obs" : "var";
  const columns = await listColumns(source, kind);
  if (columns.length > MOST_COLUMNS) {
    throw new RangeError(
      `Cannot export ${source.path}: ${group} would have ` +
        countOf(columns.length, "column") +
        `, and h5ad has place for ${MOST_COLUMNS}`,
    );
  }
  file.group(group, {
    ...encoding("dataframe", "0.2.0"),
    [INDEX]: INDEX,
    "column-order": columns.map(({ name }) => name),
  });
  checkTexts(source, kind === "p" ? "profile" : "gene", names);
  file.texts(`${group}/${INDEX}`, names, encoding("string-array", "0.2.0"));
  for (const column of columns) {
    const data = await column.read();
    checkTexts(source, column.source, textsOf(data));
    const path = `${group}/${column.name}`;
    const note = writeColumn(file, path, data);
    if (note !== undefined) source.notes.push(`${column.source}: ${note}`);
    await source.pause();
  }
}

async function listColumns(
  source: ExportSource,
  kind: ArrayKind,
): Promise<Column[]> {
  const { profiles } = source;
  const renamed = kind === "g" ? renamedColumns(source) : {};
  const all = (await dataNames(profiles, kind)).filter(isColumnName);
  const names = kind === "g" ? await withoutSameIds(source, all) : all;
  const columns = names.map((name): Column => ({
    name: columnName(name, names, renamed),
    source: `${kind}.${name}`,
    read: () => profiles.anyArray(kind, name),
  }));
  const measured = kind === "g" && !names.includes(MEASURED)
    ? await profiles.measuredGenes()
    : undefined;
  if (measured?.includes(0) === true) {
    const data = { kind: "number", dtype: "bool", values: measured } as const;
    const read = () => Promise.resolve(data);
    columns.push({ name: MEASURED, source: `genes.${MEASURED}`, read });
  }
  return columns;
}

/** Ids that came from a column of ids are there once. */
async function withoutSameIds(
  { profiles }: ExportSource,
  names: readonly string[],
): Promise<readonly string[]> {
  if (!names.includes("id") || !names.includes(IDS)) return names;
  const ids = await profiles.anyArray("g", "id");
  const others = await profiles.anyArray("g", IDS);
  const isSame = ids.kind === "text" && others.kind === "text" &&
    ids.values.every((id, gene) => id === others.values[gene]);
  return isSame ? names.filter((name) => name !== "id") : names;
}

/** What scanpy calls what 10x says of genes. */
function renamedColumns(source: ExportSource): Record<string, string> {
  return {
    id: IDS,
    ...hasTenxTypes(source) && { feature_type: "feature_types" },
  };
}

function columnName(
  name: string,
  names: readonly string[],
  renamed: Readonly<Record<string, string>>,
): string {
  const other = Object.hasOwn(renamed, name) ? renamed[name]! : name;
  return names.includes(other) ? name : other;
}

function textsOf(data: DataArray): readonly string[] {
  if (data.kind === "number") return [];
  return data.kind === "text" ? data.values : data.categories;
}
