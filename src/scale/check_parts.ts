/** Which parts there are of a plan, each read once and found whole. */
import type { FileState } from "../io/file_source.ts";
import { removePath } from "../io/files.ts";
import { countOf } from "../io/plural.ts";
import { checkVersion } from "./compute_shard.ts";
import { PartFile } from "./part_file.ts";
import type { Plan } from "./plan.ts";

/** How many shards a message names. */
const MOST_NAMED = 5;

/** What becomes of parts that are checked. */
export interface CheckPartsOptions {
  /** Whether parts that are refused are removed, so that they are made anew. */
  readonly discard?: boolean | undefined;
  /** Told of the parts that were read since the last call. */
  readonly advance?: ((partsCount: number) => void) | undefined;
}

/** A part that was checked. */
export interface CheckedPart {
  readonly path: string;
  /** The state that the file was in. */
  readonly state: FileState;
}

/**
 * Checks all parts and lets each be used while it is open.
 *
 * @param plan The plan.
 * @param partPaths The parts, in any order.
 * @param options Whether those that are refused are removed.
 * @param use Told of each part that is good, for as long as all are.
 * @returns The part of each shard, by the number of the shard.
 * @throws {Error} If a part is damaged, of another plan or version, or of a
 * shard that another part is of too, or a shard has none.
 */
export function checkParts(
  plan: Plan,
  partPaths: readonly string[],
  { advance, discard = false }: CheckPartsOptions,
  use?: (part: PartFile, shard: number) => void,
): CheckedPart[] {
  checkVersion(plan);
  const shards = new Map(plan.shards.map(({ key }, shard) => [key, shard]));
  const found = new Map<number, CheckedPart>();
  const refused: Error[] = [];
  for (const path of partPaths) {
    try {
      using part = PartFile.open(path);
      const shard = shardOf(plan, shards, part);
      checkOverlap(path, shard, found.get(shard));
      found.set(shard, { path, state: part.state });
      if (refused.length === 0) use?.(part, shard);
    } catch (error) {
      refused.push(error as Error);
      // Which of two parts of a shard is too many is for people to say.
      if (discard && !(error instanceof OverlapError)) removePath(path);
    }
    advance?.(1);
  }
  if (refused.length > 0) throw refuse(refused, discard);
  checkComplete(plan, found);
  return plan.shards.map((_, shard) => found.get(shard)!);
}

/** Two parts are of one shard. */
class OverlapError extends Error {}

function shardOf(
  plan: Plan,
  shards: ReadonlyMap<string, number>,
  { name, provenance }: PartFile,
): number {
  const shard = shards.get(provenance.key);
  if (shard !== undefined) return shard;
  const why = provenance.version === plan.version
    ? "it is of another plan, or of a batch that changed since"
    : `metacell ${provenance.version} made it, and the plan is of ` +
      plan.version;
  throw new Error(`Cannot use the part ${name}: ${why}`);
}

function checkOverlap(path: string, shard: number, other?: CheckedPart): void {
  if (other === undefined) return;
  throw new OverlapError(
    `Cannot use the part ${path}: it is of shard ${shard}, as is ${other.path}`,
  );
}

function refuse(refused: readonly Error[], discard: boolean): Error {
  const [first] = refused;
  const more = refused.length > 1
    ? `; and ${refused.length - 1} more are refused`
    : "";
  const removed = discard ? "; what was refused was removed" : "";
  return new Error(`${first!.message}${more}${removed}`, { cause: first });
}

function checkComplete(
  plan: Plan,
  found: ReadonlyMap<number, CheckedPart>,
): void {
  const missing = plan.shards.map((_, shard) => shard)
    .filter((shard) => !found.has(shard));
  if (missing.length === 0) return;
  const named = missing.slice(0, MOST_NAMED).join(", ");
  const more = missing.length > MOST_NAMED ? ", …" : "";
  throw new Error(
    `Cannot merge the parts: ${missing.length} of ` +
      `${countOf(plan.shards.length, "shard")} ` +
      `${missing.length === 1 ? "has" : "have"} none: ${named}${more}`,
  );
}
