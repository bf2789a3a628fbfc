import {
  type CategoricalData,
  categorize,
  type DataArray,
  isMissing,
  type NumberData,
  textAt,
} from "../arrays/data_array.ts";
import { componentCount, makeArray } from "../arrays/dtypes.ts";
import type { SourceGenes } from "./importer.ts";

/** A column as one of the sources has it. */
interface OwnColumn {
  readonly column: DataArray;
  /** For each row the joined gene, -1 where there is none. */
  readonly geneOfRow: Int32Array;
}

/**
 * Joins what sources say of genes beside their names and ids. A column is kept
 * where all sources that have it agree on each gene that they share: that is so
 * of the types of features, and not of what was computed of a source's cells;
 * so numbers and bools are kept only where all sources have them. What no
 * source says of a gene is missing.
 *
 * @param sources The genes of each source.
 * @param genesOfRows For each source the joined gene of each row, -1 for none.
 * @param count The number of joined genes.
 * @returns The columns by their names.
 */
export function joinColumns(
  sources: readonly SourceGenes[],
  genesOfRows: readonly Int32Array[],
  count: number,
): Record<string, DataArray> {
  const joined: Record<string, DataArray> = {};
  const seen = new Set<string>();
  for (const name of new Set(sources.flatMap(namesOf))) {
    if (seen.has(name.toLowerCase())) continue;
    seen.add(name.toLowerCase());
    const columns = sources
      .map(({ columns }, at) => ({
        column: columns[name],
        geneOfRow: genesOfRows[at]!,
      }))
      .filter((own): own is OwnColumn => own.column !== undefined);
    const isText = columns.every(({ column }) => column.kind !== "number");
    const column = isText
      ? joinTexts(columns, count)
      : columns.length === sources.length
      ? joinNumbers(columns, count)
      : undefined;
    if (column !== undefined) joined[name] = column;
  }
  return joined;
}

function namesOf({ columns }: SourceGenes): string[] {
  return Object.keys(columns);
}

function joinTexts(
  columns: readonly OwnColumn[],
  count: number,
): DataArray | undefined {
  const texts = new Array<string | null>(count).fill(null);
  for (const { column, geneOfRow } of columns) {
    for (const [row, gene] of geneOfRow.entries()) {
      if (gene < 0 || isMissing(column, row)) continue;
      const text = textAt(column, row);
      if ((texts[gene] ??= text) !== text) return undefined;
    }
  }
  const [{ column: first }] = columns as readonly [OwnColumn];
  if (columns.every(({ column }) => column.kind === "categorical")) {
    return joinCategories(first as CategoricalData, columns, texts);
  }
  const mask = Uint8Array.from(texts, (text) => text === null ? 1 : 0);
  const values = texts.map((text) => text ?? "");
  return { kind: "text", dtype: "string", values, ...withMask(mask) };
}

/** Categories that are in order stay so, where all sources have the same. */
function joinCategories(
  first: CategoricalData,
  columns: readonly OwnColumn[],
  texts: readonly (string | null)[],
): DataArray {
  const { categories, ordered } = first;
  const isSame = columns.every(({ column }) =>
    column.kind === "categorical" && column.ordered &&
    column.categories.length === categories.length &&
    column.categories.every((category, at) => category === categories[at])
  );
  if (!ordered || !isSame) return categorize(texts);
  const codeOf = new Map(categories.map((category, at) => [category, at]));
  const codes = first.codes.constructor as Int8ArrayConstructor;
  const all = codes.from(
    texts,
    (text) => text === null ? -1 : codeOf.get(text)!,
  );
  return { ...first, codes: all };
}

function joinNumbers(
  columns: readonly OwnColumn[],
  count: number,
): DataArray | undefined {
  const [{ column: first }] = columns as readonly [OwnColumn];
  const isAlike = first.kind === "number" &&
    componentCount(first.dtype) === 1 &&
    columns.every(({ column }) => column.dtype === first.dtype);
  if (!isAlike) return undefined;
  const { dtype } = first;
  const mask = new Uint8Array(count).fill(1);
  const joined = makeArray(dtype, count);
  const values = joined as { [index: number]: number | bigint };
  for (const { column, geneOfRow } of columns) {
    const own = column as NumberData;
    for (const [row, gene] of geneOfRow.entries()) {
      if (gene < 0 || isMissing(own, row)) continue;
      const value = own.values[row]!;
      if (mask[gene] === 1) values[gene] = value;
      else if (!Object.is(values[gene], value)) return undefined;
      mask[gene] = 0;
    }
  }
  return { kind: "number", dtype, values: joined, ...withMask(mask) };
}

function withMask(mask: Uint8Array): { mask?: Uint8Array } {
  return mask.includes(1) ? { mask } : {};
}
