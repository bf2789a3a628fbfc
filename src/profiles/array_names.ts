/** The kinds of data of a value a gene, or a value a profile. */
export type ArrayKind = "g" | "p";

/** The kinds of data of a value for each pair of genes, profiles or both. */
export type MatrixKind = "gp" | "gg" | "pp";

/** All kinds of data. */
export type DataKind = ArrayKind | MatrixKind;

/** The names of data that are computed, and can't be written. */
const COMPUTED_NAMES: Readonly<Record<DataKind, readonly string[]>> = {
  g: ["total_umis"],
  p: ["total_umis"],
  gp: ["umis"],
  gg: [],
  pp: [],
};

/** The names of data that a container is made of. */
const STRUCTURE_NAMES: Readonly<Record<ArrayKind, readonly string[]>> = {
  g: ["name"],
  p: ["barcode", "name", "base_index", "grouped_count"],
};

/** The names of those of them that only the container itself writes. */
const OWN_NAMES: readonly string[] = ["g.name", "p.base_index"];

/**
 * Whether data of some name are the counts, or computed from them.
 *
 * @param kind The kind of the data.
 * @param name The name, without the kind.
 * @returns True where they are.
 */
export function isComputed(kind: DataKind, name: string): boolean {
  return COMPUTED_NAMES[kind].includes(name);
}

/**
 * The names of data that are the counts, or computed from them: every
 * container has them.
 *
 * @param kind The kind of the data.
 * @returns The names, without the kind.
 */
export function computedNames(kind: DataKind): readonly string[] {
  return COMPUTED_NAMES[kind];
}

/**
 * Whether data of some name are a part of how a container is made, which
 * nobody else may write.
 *
 * @param kind The kind of the data.
 * @param name The name, without the kind.
 * @returns True where they are.
 */
export function isStructure(kind: DataKind, name: string): boolean {
  return OWN_NAMES.includes(`${kind}.${name}`);
}

/**
 * The name under which data of a source are kept: names with a meaning of
 * their own get `source_` in front, so that data of a source never pose as
 * computed data or as a part of the container.
 *
 * @param kind The kind of the data.
 * @param name The name that the source has for them.
 * @returns The name to write them under.
 *
 * @example Name a column of a table
 * ```ts
 * import { nameOfSourceData } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nameOfSourceData("p", "stage"), "stage");
 * assertEquals(nameOfSourceData("p", "total_umis"), "source_total_umis");
 * ```
 */
export function nameOfSourceData(kind: ArrayKind, name: string): string {
  const reserved = [...COMPUTED_NAMES[kind], ...STRUCTURE_NAMES[kind]];
  return reserved.includes(name.toLowerCase()) ? `source_${name}` : name;
}
