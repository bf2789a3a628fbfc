import { assertEquals } from "@std/assert";
import { memberNameOf } from "../../src/imports/member_names.ts";

const NAMES: readonly (readonly [string, string])[] = [
  ["run1/donor1.h5", "donor1"],
  ["donor2.counts.csv.gz", "donor2.counts"],
  ["/data/filtered_feature_bc_matrix/", "filtered_feature_bc_matrix"],
  ["a b:c.h5ad", "a_b_c"],
  ["atlas.zarr.zip", "atlas"],
  ["Zelle-ü.TSV", "Zelle-ü"],
  [".hidden.csv", "hidden"],
  ["genes.csv", "genes"],
];

Deno.test("memberNameOf() leaves formats and odd characters out", () => {
  for (const [path, name] of NAMES) assertEquals(memberNameOf(path), name);
});
