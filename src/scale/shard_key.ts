import { VERSION } from "../io/version.ts";
import type { SpanPiece } from "./cut_spans.ts";
import { digestOf, digestOfBytes } from "./digest_json.ts";
import { compactGroups } from "./groups_of_piece.ts";

/**
 * What is computed of a shard of sums: which of its profiles is in which group,
 * by name, so that groups of other shards do not matter.
 *
 * @param groups For each profile of the shard its group, or -1.
 * @param names The names of all groups.
 * @returns What {@linkcode shardContent} takes.
 */
export function describeSums(
  groups: Int32Array,
  names: readonly string[],
): unknown {
  const { rows, present } = compactGroups(groups);
  return [present.map((group) => names[group]!), digestOfBytes(rows)];
}

/**
 * The identifier of all that the result of a shard depends on.
 *
 * @param what What is computed, as JSON can hold it.
 * @param piece Which counts.
 * @param genesCount The number of genes of the container.
 * @returns A UUID.
 */
export function shardContent(
  what: unknown,
  piece: Pick<SpanPiece, "content">,
  genesCount: number,
): string {
  return digestOf([VERSION, genesCount, what, piece.content]);
}

/**
 * The key of a shard.
 *
 * @param content What {@linkcode shardContent} gave.
 * @param repeat How many shards of the same content come before, as of a batch
 * that is twice in a container.
 * @returns A UUID.
 */
export function shardKey(content: string, repeat: number): string {
  return digestOf([content, repeat]);
}
