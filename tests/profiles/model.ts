/** Containers on disk beside what they must be by dense arithmetic. */
import { writeDataArray } from "../../src/arrays/data_array_files.ts";
import { writeNpy } from "../../src/arrays/npy.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import type { Genes } from "../../src/genes/genes.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { createCollection } from "../../src/profiles/create_collection.ts";
import { createView } from "../../src/profiles/create_view.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { ProfilesBatch } from "../../src/profiles/profiles_batch.ts";
import { ProfilesCollection } from "../../src/profiles/profiles_collection.ts";
import { sumGroups } from "../../src/profiles/sum_groups.ts";
import "../../src/profiles/load.ts";

/** What a container must be. */
export interface Model {
  /** Where it is. */
  readonly path: string;
  /** Counts of shape (profiles, genes). */
  readonly counts: readonly (readonly number[])[];
  /** The visible genes, as indices in the full set. */
  readonly genes: readonly number[];
  /** The kind of the profiles. */
  readonly kind: string;
  /** The values of `p.tag`, where it has them. */
  readonly tags: readonly number[] | undefined;
  /** The values of `gp.score` (profiles, genes), where it has them. */
  readonly scores: readonly (readonly number[])[] | undefined;
  /** The names of the profiles. */
  names(baseIndex: number): readonly string[];
}

/** The names of the genes of all models: as many as are wanted. */
export function geneNames(count: number): string[] {
  return Array.from(
    { length: count },
    (_, gene) => `G${String(gene).padStart(3, "0")}`,
  );
}

/**
 * Makes a genes set with an array beside the names.
 *
 * @param path The path of the folder.
 * @param count How many genes.
 * @returns The genes.
 */
export async function makeGenes(path: string, count: number): Promise<Genes> {
  Deno.mkdirSync(path, { recursive: true });
  writeDataArray(path, "g.name", toDataArray(geneNames(count)));
  const weights = Int32Array.from({ length: count }, (_, gene) => 10 * gene);
  writeDataArray(path, "g.weight", toDataArray(weights));
  return await GenesSet.created(path, "human");
}

/** What a batch is made of. */
export interface BatchParts {
  /** Counts of shape (profiles, genes). */
  readonly counts: readonly (readonly number[])[];
  /** Whether it has barcodes. */
  readonly hasBarcodes?: boolean;
  /** Whether the counts are kept dense. */
  readonly isDense?: boolean;
  /** Whether it has `p.tag` and `gp.score`. */
  readonly hasData?: boolean;
}

/**
 * Makes a batch.
 *
 * @param path The path of the folder.
 * @param genes The full genes set.
 * @param parts What it is made of.
 * @returns What it must be.
 */
export async function makeModelBatch(
  path: string,
  genes: Genes,
  parts: BatchParts,
): Promise<Model> {
  const { counts, hasBarcodes = true, isDense = false, hasData = true } = parts;
  Deno.mkdirSync(path, { recursive: true });
  if (isDense) writeDense(path, counts, genes.count);
  else {
    const data = counts.map((row) => row.map((n, g) => [g, n] as const));
    MemoryMappedMatrix.write(`${path}/gp.umis.mmm`, genes.count, data);
  }
  const barcodes = counts.map((_, at) => `AC${at}-1`);
  if (hasBarcodes) writeDataArray(path, "p.barcode", toDataArray(barcodes));
  await ProfilesBatch.created(path, genes, "cells");
  const seed = path.length;
  const tags = counts.map((_, at) => seed * 100 + at);
  const scores = counts.map((row, at) =>
    row.map((_, gene) => seed + at + gene / 8)
  );
  if (hasData) await writeData(path, genes, tags, scores);
  return {
    path,
    counts,
    genes: Array.from({ length: genes.count }, (_, gene) => gene),
    kind: "cells",
    tags: hasData ? tags : undefined,
    scores: hasData ? scores : undefined,
    names: (baseIndex) =>
      hasBarcodes ? barcodes : counts.map((_, at) => `${baseIndex + at}`),
  };
}

function writeDense(
  path: string,
  counts: readonly (readonly number[])[],
  genesCount: number,
): void {
  const shape = [genesCount, counts.length];
  const data = new Uint32Array(genesCount * counts.length);
  counts.forEach((row, profile) =>
    row.forEach((count, gene) => data[gene * counts.length + profile] = count)
  );
  writeNpy(`${path}/gp.umis.npy`, { dtype: "uint32", shape, data });
}

async function writeData(
  path: string,
  genes: Genes,
  tags: readonly number[],
  scores: readonly (readonly number[])[],
): Promise<void> {
  using batch = await Profiles.load(path, genes);
  await batch.write("p", "tag", Int32Array.from(tags));
  await batch.write("gp", "score", {
    dtype: "float64",
    shape: [genes.count, tags.length],
    fortranOrder: true,
    data: Float64Array.from(scores.flat()),
  });
}

/** What a view takes: places in its base. */
export interface ViewParts {
  /** The profiles, all where undefined. */
  readonly profiles?: readonly number[] | undefined;
  /** The genes, ascending, all where undefined. */
  readonly genes?: readonly number[] | undefined;
}

/**
 * Makes a view.
 *
 * @param path The path of the folder.
 * @param base The model of its base.
 * @param parts What it takes.
 * @returns What it must be.
 */
export async function makeModelView(
  path: string,
  base: Model,
  parts: ViewParts,
): Promise<Model> {
  using container = await Profiles.load(base.path);
  await createView(path, container, {
    profileIndices: parts.profiles,
    geneIndices: parts.genes,
  });
  const profiles = parts.profiles ?? base.counts.map((_, at) => at);
  const genes = parts.genes ?? base.genes.map((_, at) => at);
  const take = (rows: readonly (readonly number[])[]) =>
    profiles.map((at) => genes.map((gene) => rows[at]![gene]!));
  return {
    path,
    counts: take(base.counts),
    genes: genes.map((gene) => base.genes[gene]!),
    kind: base.kind,
    tags: base.tags && profiles.map((at) => base.tags![at]!),
    scores: base.scores && take(base.scores),
    names: (baseIndex) => profiles.map((at) => base.names(baseIndex)[at]!),
  };
}

/**
 * Makes a collection.
 *
 * @param path The path of the folder, which may have the members in it, as
 * `m0`, `m1`, …; else it gets links to them.
 * @param members The models of its members.
 * @returns What it must be.
 */
export async function makeModelCollection(
  path: string,
  members: readonly Model[],
): Promise<Model> {
  const names = members.map((_, at) => `m${at}`);
  if (members[0]!.path.startsWith(`${path}/`)) {
    await ProfilesCollection.created(path, names);
  } else {
    await createCollection(
      path,
      members.map((member, at) => ({ name: names[at]!, path: member.path })),
    );
  }
  const all = <T>(part: (member: Model) => readonly T[] | undefined) =>
    members.every((member) => part(member) !== undefined)
      ? members.flatMap((member) => part(member)!)
      : undefined;
  return {
    path,
    counts: members.flatMap((member) => member.counts),
    genes: members[0]!.genes,
    kind: members[0]!.kind,
    tags: all((member) => member.tags),
    scores: all((member) => member.scores),
    names: (baseIndex) => {
      let first = baseIndex;
      return members.flatMap((member, at) => {
        const own = member.names(first).map((name) => `${names[at]}:${name}`);
        first += member.counts.length;
        return own;
      });
    },
  };
}

/**
 * Makes groups.
 *
 * @param path The path of the folder.
 * @param grouped The model of what is grouped.
 * @param groups For each profile its group, or -1.
 * @param groupsCount The number of groups.
 * @returns What it must be.
 */
export async function makeModelGroups(
  path: string,
  grouped: Model,
  groups: readonly number[],
  groupsCount: number,
): Promise<Model> {
  using container = await Profiles.load(grouped.path);
  const names = Array.from({ length: groupsCount }, (_, at) => `group ${at}`);
  await sumGroups(container, path, {
    groupIndices: Int32Array.from(groups),
    names,
  }, { sumsAtOnce: 2 * grouped.genes.length });
  const counts = names.map((_, group) =>
    grouped.genes.map((_, gene) =>
      grouped.counts.reduce(
        (sum, row, at) => groups[at] === group ? sum + row[gene]! : sum,
        0,
      )
    )
  );
  return {
    path,
    counts,
    genes: grouped.genes,
    kind: `meta${grouped.kind}`,
    tags: undefined,
    scores: undefined,
    names: () => names,
  };
}
