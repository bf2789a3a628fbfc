/** The matrices of a collection, from what is known of its stores. */
import { RAW_KEY } from "../anndata/anndata_file.ts";
import type { CheckedOptions } from "./collection_options.ts";
import { isSame, type JoinedVars, joinVars } from "./joined_vars.ts";
import type { Layer } from "./layer_rows.ts";
import type { StoreFacts } from "./stores/opened_store.ts";

/**
 * Most stores have the same genes, whose names are kept once.
 *
 * @param facts What is known of a store.
 * @param first What is known of the first.
 * @returns The same, with the names of the first where they are equal.
 */
export function shareGenes(facts: StoreFacts, first?: StoreFacts): StoreFacts {
  const isShared = facts.genes && first?.genes &&
    isSame(facts.genes, first.genes);
  return isShared ? { ...facts, genes: first.genes } : facts;
}

/**
 * Joins the genes of all stores.
 *
 * @param facts What is known of them.
 * @param options How.
 * @returns The genes, or undefined where they are left alone.
 * @throws {Error} If they can't be joined.
 */
export function joinFacts(
  facts: readonly StoreFacts[],
  { join, pathList }: CheckedOptions,
): JoinedVars | undefined {
  if (join === null) return undefined;
  return joinVars(facts.map(({ genes }) => genes!), join, pathList);
}

/**
 * A matrix of cells and genes. The genes of `raw.X` are others, which are never
 * joined.
 *
 * @param key Its key.
 * @param facts What is known of the stores.
 * @param joined The genes, where they are joined.
 * @returns The matrix.
 */
export function layerOf(
  key: string,
  facts: readonly StoreFacts[],
  joined: JoinedVars | undefined,
): Layer {
  const isJoined = joined !== undefined && key !== RAW_KEY;
  const parts = facts.map(({ layers }, store) => {
    const found = layers.get(key);
    if (!found || !isJoined) return found && { ...found, map: undefined };
    const columns = joined.names.length;
    return { columns, dtype: found.dtype, map: joined.maps[store] };
  });
  return { name: key, parts, find: (store) => store.layer(key) };
}

/**
 * A matrix of obsm.
 *
 * @param key Its key.
 * @param facts What is known of the stores.
 * @returns The matrix.
 */
export function obsmOf(key: string, facts: readonly StoreFacts[]): Layer {
  const parts = facts.map(({ obsm }) => {
    const found = obsm.get(key);
    return found && { ...found, map: undefined };
  });
  return { name: key, parts, find: (store) => store.obsm(key) };
}
