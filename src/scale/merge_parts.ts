import { writeNpy } from "../arrays/npy.ts";
import type { Genes } from "../genes/genes.ts";
import type { FileState } from "../io/file_source.ts";
import { removePath } from "../io/files.ts";
import "../profiles/load.ts";
import { Profiles } from "../profiles/profiles.ts";
import { buildGroups, type GroupTile } from "../profiles/sum_groups.ts";
import { checkVersion, readGroups } from "./compute_shard.ts";
import { PartFile } from "./part_file.ts";
import type { Plan } from "./plan.ts";

/** The most sums that are kept in memory at once. */
const SUMS_AT_ONCE = 1 << 24;

/** How many shards or parts a message names. */
const MOST_NAMED = 5;

/** How parts are merged. */
export interface MergeOptions {
  /** Where the container is, if it was moved since the plan was made. */
  readonly container?: string | undefined;
  /** The full genes set of the container, where it is not found. */
  readonly genes?: Genes | undefined;
  /** Whether a container that is there is replaced. */
  readonly force?: boolean | undefined;
  /** Whether parts that are refused are removed, so that they are made anew. */
  readonly discard?: boolean | undefined;
  /** Told of the parts that were read since the last call. */
  readonly advance?: ((partsCount: number) => void) | undefined;
}

/** A part that was checked. */
interface CheckedPart {
  readonly path: string;
  /** The state that the file was in. */
  readonly state: FileState;
}

/**
 * Merges parts into what the plan is of, with the bits of one process: totals
 * into an npy file of float64, sums into a container of groups.
 * {@linkcode plan} has an example.
 *
 * @param plan The plan.
 * @param partPaths The parts, one of each shard, in any order.
 * @param destination The path of the file, or folder, to make.
 * @param options Where the container is; whether one is replaced.
 * @throws {Error} If a part is damaged, of another plan or version, or of a
 * shard that another part is of too, or a shard has none.
 */
export async function mergeParts(
  plan: Plan,
  partPaths: readonly string[],
  destination: string,
  options: MergeOptions = {},
): Promise<void> {
  if (plan.job.kind === "totals") {
    const data = await mergeTotals(plan, partPaths, options);
    writeNpy(destination, { dtype: "float64", data });
    return;
  }
  const parts = checkParts(plan, partPaths, options);
  using profiles = await openPlanned(plan, options);
  const groupIndices = readGroups(plan);
  const { names } = plan.job;
  await buildGroups(profiles, destination, { groupIndices, names }, {
    force: options.force ?? false,
    tiles: () => sumParts(plan, names, parts),
  });
}

/**
 * Merges the parts of a plan of totals.
 *
 * @param plan The plan.
 * @param partPaths The parts, one of each shard, in any order.
 * @param options Where the container is.
 * @returns The totals: one a profile or a gene of the container, exact.
 * @throws {Error} If the plan is of sums, or a part is refused as by
 * {@linkcode mergeParts}.
 */
export async function mergeTotals(
  plan: Plan,
  partPaths: readonly string[],
  options: MergeOptions = {},
): Promise<Float64Array> {
  const { job, profilesCount, genesCount } = plan;
  if (job.kind !== "totals") {
    throw new Error("Cannot merge totals: the plan is of sums of groups");
  }
  const places = job.per === "profile" ? await placesOf(plan, options) : [];
  const count = job.per === "gene" ? genesCount : profilesCount;
  const totals = new Float64Array(count);
  checkParts(plan, partPaths, options, (part, shard) => {
    const values = part.readTotals();
    if (job.per === "gene") addAll(totals, values, part);
    else placeAll(totals, values, places[shard]!);
  });
  return totals;
}

/**
 * Opens the container of a plan.
 *
 * @param plan The plan.
 * @param options Where it is.
 * @returns The container; the caller closes it.
 * @throws {Error} If it changed since the plan was made.
 */
export async function openPlanned(
  plan: Plan,
  options: MergeOptions = {},
): Promise<Profiles> {
  const path = options.container ?? plan.container;
  const profiles = await Profiles.load(path, options.genes);
  if (profiles.metadata.uuid === plan.containerUuid) return profiles;
  profiles.close();
  throw new Error(
    `Cannot merge parts of ${path}: it changed since the plan was made`,
  );
}

/** Checks all parts and lets each be used while it is open. */
function checkParts(
  plan: Plan,
  partPaths: readonly string[],
  { advance, discard = false }: MergeOptions,
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
  return [...found.values()];
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
    `Cannot merge the parts: ${missing.length} of ${plan.shards.length} ` +
      `shards have none: ${named}${more}`,
  );
}

/** For each shard where its profiles are in the container. */
async function placesOf(
  plan: Plan,
  options: MergeOptions,
): Promise<(number | Int32Array)[]> {
  const isPlain = plan.shards.every(({ firstProfile }) =>
    firstProfile !== undefined
  );
  if (isPlain) return plan.shards.map(({ firstProfile }) => firstProfile!);
  using profiles = await openPlanned(plan, options);
  const spans = await profiles.leafSpans();
  return plan.shards.map(({ firstProfile, span, first, end }) =>
    firstProfile ?? spans[span]!.targets!.slice(first, end)
  );
}

function addAll(
  totals: Float64Array,
  values: Float64Array,
  { name }: PartFile,
): void {
  if (values.length !== totals.length) {
    throw new RangeError(
      `Cannot use the part ${name}: it has ${values.length} totals, ` +
        `and there are ${totals.length} genes`,
    );
  }
  for (let at = 0; at < totals.length; at++) totals[at]! += values[at]!;
}

function placeAll(
  totals: Float64Array,
  values: Float64Array,
  place: number | Int32Array,
): void {
  if (typeof place === "number") return totals.set(values, place);
  place.forEach((target, at) => totals[target] = values[at]!);
}

/** Sums the parts, some groups at a time. */
async function* sumParts(
  { genesCount }: Plan,
  names: readonly string[],
  parts: readonly CheckedPart[],
): AsyncGenerator<GroupTile, void> {
  const groups = new Map(names.map((name, group) => [name, group]));
  const most = Math.max(1, Math.floor(SUMS_AT_ONCE / Math.max(genesCount, 1)));
  for (let first = 0; first < names.length; first += most) {
    const count = Math.min(most, names.length - first);
    const sums = new Float64Array(count * genesCount);
    for (const { path, state } of parts) {
      using part = PartFile.open(path, state);
      for (const row of part.content.rows) {
        const place = groups.get(row.name)! - first;
        if (!(place >= 0 && place < count)) continue;
        const start = place * genesCount;
        part.addRow(row, sums.subarray(start, start + genesCount));
      }
    }
    yield { first, count, sums };
  }
}
