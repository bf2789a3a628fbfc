import { categorize } from "../../arrays/data_array.ts";
import type { Hdf5File } from "../../io/hdf5_file.ts";
import { countOf } from "../../io/plural.ts";
import { chooseFeatures, type FeatureTable } from "../feature_table.ts";
import type { SourceGenes, SourceOptions } from "../importer.ts";
import { addFeatureColumns } from "./tenx_hdf5_columns.ts";
import {
  findDataset,
  tenxError,
  type TenxHdf5Layout,
  unknownGenome,
} from "./tenx_hdf5_layout.ts";

/** What a file says of its features, a value each. */
interface Features {
  readonly ids: readonly string[] | undefined;
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly genomes: readonly string[];
}

/**
 * Reads the genes or features of a 10x file: ids or names or both, and of
 * version 3 their types and genomes, and what else it says of them.
 *
 * @param file The file.
 * @param layout Where the matrix is.
 * @param options Which features are kept.
 * @returns The genes, and notes on what is left out.
 * @throws {Error} If there are neither ids nor names, or none is as asked for.
 */
export function readTenxFeatures(
  file: Hdf5File,
  layout: TenxHdf5Layout,
  options: Pick<SourceOptions, "features" | "genome">,
): FeatureTable {
  const features = readFeatures(file, layout);
  const { names, types, genomes } = features;
  const ids = features.ids ?? [];
  const choice = { path: file.name, features: options.features };
  const chosen = chooseFeatures({ names, types, ids }, choice);
  const { columns, included } = chosen.genes;
  const genes: SourceGenes = {
    names,
    columns,
    ...(features.ids && { ids }),
    ...(included && { included }),
  };
  if (!layout.isV3) return { genes, notes: chosen.notes };
  const table = chooseGenome({ genes, notes: chosen.notes }, genomes, {
    name: file.name,
    genome: options.genome,
  });
  return addFeatureColumns(file, `${layout.group}/features`, table);
}

function readFeatures(file: Hdf5File, layout: TenxHdf5Layout): Features {
  const { group, isV3 } = layout;
  const table = isV3 ? `${group}/features` : group;
  const read = (...names: readonly string[]) =>
    findDataset(file, ...names.map((name) => `${table}/${name}`))?.readTexts();
  const ids = read("id", "genes");
  const names = read("name", "gene_names");
  const known = names ?? ids;
  if (known === undefined) {
    throw tenxError(file.name, `${table}: it has neither ids nor names`);
  }
  const optional = (texts: string[] | undefined, what: string) => {
    const filled = texts ?? known.map(() => "");
    if (filled.length === known.length) return filled;
    const why = `${filled.length} of ${countOf(known.length, "value")}`;
    throw tenxError(file.name, `${table}/${what}: it has ${why}`);
  };
  const types = isV3 ? read("feature_type") : undefined;
  const genomes = isV3 ? read("genome") : undefined;
  return {
    ids: ids && optional(ids, isV3 ? "id" : "genes"),
    names: known.map((name, row) => {
      const filled = name === "" ? ids?.[row] ?? "" : name;
      if (filled !== "") return filled;
      throw tenxError(file.name, `${table}: row ${row} has no id and no name`);
    }),
    types: optional(types, "feature_type"),
    genomes: optional(genomes, "genome"),
  };
}

/** Keeps one genome; where several are kept, each gene says which is its. */
function chooseGenome(
  { genes, notes }: FeatureTable,
  genomes: readonly string[],
  choice: { readonly name: string; readonly genome: string | undefined },
): FeatureTable {
  const wanted = choice.genome;
  const kept = genomes.filter((_, row) => genes.included?.[row] !== 0);
  const known = [...new Set(kept)].filter((name) => name !== "").sort();
  if (wanted === undefined) {
    if (known.length < 2) return { genes, notes };
    const genome = categorize(genomes.map((name) => name || null));
    const columns = { ...genes.columns, genome };
    return { genes: { ...genes, columns }, notes };
  }
  if (!known.includes(wanted)) throw unknownGenome(choice.name, wanted, known);
  const left = kept.filter((name) => name !== wanted).length;
  if (left === 0) return { genes, notes };
  const included = Uint8Array.from(
    genomes,
    (name, row) => name === wanted && genes.included?.[row] !== 0 ? 1 : 0,
  );
  const rows = countOf(left, "row is left out", "rows are left out");
  const note = `${rows}: of other genomes than ${wanted}`;
  return { genes: { ...genes, included }, notes: [...notes, note] };
}
