/** Labels of cells: a column of a store, and what several have in common. */
import { compareCodePoints } from "../arrays/compare.ts";
import { type DataArray, isMissing } from "../arrays/data_array.ts";
import type { Label } from "./rows.ts";

/** A label that is not missing. */
export type KnownLabel = Exclude<Label, null>;

/** A column of labels. */
export interface LabelColumn {
  /** Each label once, also those that no cell has. */
  readonly labels: readonly KnownLabel[];
  /** For each cell the index of its label, -1 where it is missing. */
  readonly codes: Int32Array;
}

/**
 * Makes a column of labels. What is missing by a mask, a code of -1 or as a
 * NaN, is missing.
 *
 * @param values The values.
 * @param categories The categories as they are, where there are some; texts
 * are what the values say.
 * @returns The column.
 */
export function toLabels(
  values: DataArray,
  categories?: DataArray,
): LabelColumn {
  if (values.kind !== "categorical") return collectLabels(values);
  const codes = Int32Array.from(values.codes, (code) => Math.max(code, -1));
  if (categories?.kind !== "number") {
    return { labels: values.categories, codes };
  }
  const labels = Array.from(
    values.categories,
    (_, at) => labelAt(categories, at),
  );
  if (!labels.includes(null)) return { labels: labels as KnownLabel[], codes };
  const known = labels.filter((label) => label !== null);
  const places = labels.map((label) =>
    label === null ? -1 : known.indexOf(label)
  );
  const kept = codes.map((code) => code < 0 ? -1 : places[code]!);
  return { labels: known, codes: kept };
}

function collectLabels(values: DataArray): LabelColumn {
  const length = values.kind === "categorical"
    ? values.codes.length
    : values.values.length;
  const codes = new Int32Array(length);
  const places = new Map<KnownLabel, number>();
  for (let at = 0; at < length; at++) {
    const label = labelAt(values, at);
    if (label === null) {
      codes[at] = -1;
      continue;
    }
    const place = places.get(label) ?? places.size;
    if (place === places.size) places.set(label, place);
    codes[at] = place;
  }
  return { labels: [...places.keys()], codes };
}

/** Integers that a double can't hold are texts of their digits. */
function labelAt(values: DataArray, at: number): Label {
  if (isMissing(values, at)) return null;
  if (values.kind === "text") return values.values[at]!;
  if (values.kind === "categorical") {
    return values.categories[values.codes[at]!]!;
  }
  const value = values.values[at]!;
  if (values.dtype === "bool") return value !== 0;
  const number = Number(value);
  if (Number.isNaN(number)) return null;
  const isExact = typeof value === "number" || Number.isSafeInteger(number);
  return isExact ? number : `${value}`;
}

/**
 * Puts the labels of columns together.
 *
 * @param columns The columns, undefined where a store has none.
 * @returns Each label once: numbers by their value, texts by their code
 * points, false before true. Where columns are of different types, all labels
 * are texts.
 */
export function mergeLabels(
  columns: readonly (LabelColumn | undefined)[],
): KnownLabel[] {
  const all = new Set<KnownLabel>();
  for (const column of columns) {
    for (const label of column?.labels ?? []) all.add(label);
  }
  const labels = [...all];
  if (areMixed(columns)) {
    return [...new Set(labels.map(String))].sort(compareCodePoints);
  }
  return typeof labels[0] === "string"
    ? (labels as string[]).sort(compareCodePoints)
    : labels.sort((left, right) => Number(left) - Number(right));
}

/**
 * Whether the labels of columns are of different types, and so become texts.
 *
 * @param columns The columns, undefined where a store has none.
 * @returns Whether they are.
 */
export function areMixed(
  columns: readonly (LabelColumn | undefined)[],
): boolean {
  const types = new Set<string>();
  for (const column of columns) {
    for (const label of column?.labels ?? []) types.add(typeof label);
  }
  return types.size > 1;
}

/** The code of each label, by the label as a text. */
export type Encoder = Readonly<Record<string, number>>;

/**
 * Numbers labels.
 *
 * @param labels The labels, in order.
 * @param unknown The label that becomes -1, where it is one of them.
 * @returns The code of each label.
 */
export function makeEncoder(
  labels: readonly KnownLabel[],
  unknown?: KnownLabel,
): Encoder {
  const known = labels.filter((label) => label !== unknown);
  const isThere = known.length < labels.length;
  return Object.fromEntries([
    ...(isThere ? [[String(unknown), -1] as const] : []),
    ...known.map((label, code) => [String(label), code] as const),
  ]);
}
