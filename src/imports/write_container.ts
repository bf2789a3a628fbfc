/** Makes containers of matrix files: a batch, or parts of it, or lanes. */
import { encodeName } from "../arrays/names.ts";
import type { GenesSet } from "../genes/genes_set.ts";
import { makeFolder } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { ProfilesBatch } from "../profiles/profiles_batch.ts";
import { ProfilesCollection } from "../profiles/profiles_collection.ts";
import type { ProfilesMetadata } from "../profiles/profiles_metadata.ts";
import {
  writeMeasured,
  writeOrdered,
  writeSourceArrays,
} from "./batch_files.ts";
import type { BatchGenes } from "./batch_genes.ts";
import type { ImportedMember } from "./import_summary.ts";
import type { ImportSource, SourceProfiles } from "./importer.ts";
import type { MatrixPart } from "./matrix_parts.ts";
import { type Lane, type SplitProfiles, takeProfiles } from "./split_lanes.ts";

/** What the batches of a source are written with. */
export interface ContainerToWrite {
  /** The folder of the container. */
  readonly folder: string;
  /** The source. */
  readonly source: ImportSource;
  /** Its genes. */
  readonly batch: BatchGenes;
  /** The kind of its profiles. */
  readonly profilesKind: string;
}

/** A container that was written. */
export interface WrittenContainer {
  /** Its metadata. */
  readonly metadata: ProfilesMetadata;
  /** What it is a collection of, if it is one, down to the batches. */
  readonly members: readonly ImportedMember[];
}

/** Matrix files of profiles that belong together. */
interface Matrices extends ContainerToWrite {
  readonly profiles: SourceProfiles;
  readonly parts: readonly MatrixPart[];
}

/**
 * The folder of a lane, or of a source, in that of its collection.
 *
 * @param folder The folder of the collection.
 * @param name The name of the member.
 * @returns The path, where a folder is now.
 */
export function makeMemberFolder(folder: string, name: string): string {
  const path = joinPath(folder, encodeName(name));
  makeFolder(path);
  return path;
}

/**
 * Writes what a container has beside its counts: a batch, or a collection of
 * the parts that it was split into.
 *
 * @param container What is written with it.
 * @param profiles The profiles.
 * @param parts Where their counts are.
 * @returns What was written.
 */
export async function writeWhole(
  container: ContainerToWrite,
  profiles: SourceProfiles,
  parts: readonly MatrixPart[],
): Promise<WrittenContainer> {
  return await writeMatrices({ ...container, profiles, parts });
}

/**
 * Writes a collection of lanes.
 *
 * @param container What is written with it.
 * @param split The lanes.
 * @param parts Where the counts of each lane are.
 * @returns What was written.
 */
export async function writeLanes(
  container: ContainerToWrite,
  split: SplitProfiles,
  parts: readonly (readonly MatrixPart[])[],
): Promise<WrittenContainer> {
  const members: ImportedMember[] = [];
  for (const [at, lane] of split.lanes.entries()) {
    const folder = joinPath(container.folder, encodeName(lane.name));
    const profiles = takeProfiles(split.profiles, lane.profiles);
    const matrices = { ...container, folder, profiles, parts: parts[at]! };
    const written = await writeMatrices(matrices);
    members.push(memberOf(lane.name, written.metadata, parts[at]!));
  }
  const { folder, batch } = container;
  return { metadata: await collect(folder, split.lanes, batch.genes), members };
}

async function writeMatrices(matrices: Matrices): Promise<WrittenContainer> {
  const { batch, folder, parts, profiles } = matrices;
  if (parts.length === 1) {
    const metadata = await writeBatch(matrices, folder, profiles, parts[0]!);
    return { metadata, members: [] };
  }
  const members: ImportedMember[] = [];
  for (const part of parts) {
    const own = takeRange(profiles, part);
    const metadata = await writeBatch(matrices, part.folder, own, part);
    members.push(memberOf(part.name, metadata, [part]));
  }
  return { metadata: await collect(folder, parts, batch.genes), members };
}

async function writeBatch(
  { batch, profilesKind, source }: ContainerToWrite,
  folder: string,
  profiles: SourceProfiles,
  { matrix }: MatrixPart,
): Promise<ProfilesMetadata> {
  const { genes, sourceIndex } = batch;
  writeSourceArrays(folder, { genes: source.genes, profiles }, sourceIndex);
  writeMeasured(folder, sourceIndex, genes.count);
  const metadata = await ProfilesBatch.created(folder, genes, profilesKind, {
    ...(matrix.uuid !== undefined && { matrixUuid: matrix.uuid }),
    entriesCount: matrix.entriesCount,
  });
  writeOrdered(metadata, "p", profiles.columns);
  return metadata;
}

async function collect(
  folder: string,
  members: readonly Pick<Lane, "name">[],
  genes: GenesSet,
): Promise<ProfilesMetadata> {
  const names = members.map(({ name }) => name);
  return await ProfilesCollection.created(folder, names, genes);
}

function takeRange(
  profiles: SourceProfiles,
  { firstProfile, matrix }: MatrixPart,
): SourceProfiles {
  const { profilesCount: length } = matrix;
  return takeProfiles(
    profiles,
    Uint32Array.from({ length }, (_, at) => firstProfile + at),
  );
}

function memberOf(
  name: string,
  { uuid, profilesCount }: ProfilesMetadata,
  parts: readonly MatrixPart[],
): ImportedMember {
  const sum = (value: (part: MatrixPart) => number) =>
    parts.reduce((all, part) => all + value(part), 0);
  return {
    name,
    uuid,
    profilesCount,
    entriesCount: sum(({ matrix }) => matrix.entriesCount),
    totalUmis: sum(({ matrix }) => matrix.totalUmis),
    byteLength: sum(({ matrix }) => matrix.byteLength),
    partsCount: parts.length,
  };
}
