import type { DataKind } from "./array_names.ts";

/** Names of data, by their kind. */
export type NamesByKind = Readonly<Record<DataKind, Set<string>>>;

/** The data that depend on the whole set of genes; users may add names. */
export const GENES_DEPENDENT_DATA: NamesByKind = {
  g: new Set(["mean_fraction"]),
  gg: new Set(),
  gp: new Set(),
  p: new Set(["total_umis"]),
  pp: new Set([
    "balanced_ranks",
    "correlation",
    "edge_weights",
    "pruned_ranks",
  ]),
};

/** The data that depend on the whole set of profiles; users may add names. */
export const PROFILES_DEPENDENT_DATA: NamesByKind = {
  g: new Set(["mean_fraction", "total_umis"]),
  gg: new Set(),
  gp: new Set(["fold_in_group"]),
  p: new Set(),
  pp: new Set([
    "balanced_ranks",
    "correlation",
    "edge_weights",
    "pruned_ranks",
  ]),
};
