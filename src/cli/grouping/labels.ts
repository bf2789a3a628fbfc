import {
  categorize,
  type DataArray,
  isMissing,
  textAt,
} from "../../arrays/data_array.ts";

/** Which profiles are summed, and what the sums are called. */
export interface Groups {
  /** For each profile the index of its group, or -1. */
  readonly groupIndices: Int32Array;
  /** The name of each group. */
  readonly names: readonly string[];
}

/**
 * Groups profiles by labels.
 *
 * @param labels For each profile its label, or null.
 * @returns The groups, sorted by code point.
 */
export function groupByLabels(labels: readonly (string | null)[]): Groups {
  const { codes, categories } = categorize(labels);
  return { groupIndices: Int32Array.from(codes), names: categories };
}

/**
 * Groups profiles by data.
 *
 * @param data The data, a value a profile.
 * @param label What messages call them.
 * @returns The groups: categories in their order, those alone that are used;
 * other labels sorted by code point.
 * @throws {TypeError} If the data are no labels.
 */
export function groupByData(data: DataArray, label: string): Groups {
  if (data.kind === "categorical") return groupByCategories(data);
  if (data.kind === "number" && !/int|bool/.test(data.dtype)) {
    throw new TypeError(
      `Cannot sum by ${label}: its values are ${data.dtype}, and not ` +
        "categories, texts, integers or bools",
    );
  }
  const length = data.values.length;
  return groupByLabels(
    Array.from(
      { length },
      (_, at) => isMissing(data, at) ? null : textAt(data, at),
    ),
  );
}

function groupByCategories(
  { categories, codes }: DataArray & { readonly kind: "categorical" },
): Groups {
  const used = new Set<number>(codes);
  const names = categories.filter((_, code) => used.has(code));
  const groupOf = new Map(names.map((name, group) => [name, group]));
  const groupIndices = Int32Array.from(
    codes,
    (code) => groupOf.get(categories[code]!) ?? -1,
  );
  return { groupIndices, names };
}
