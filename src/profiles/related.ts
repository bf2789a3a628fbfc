/**
 * Opening containers that a container is made of: its base, its members, what
 * it groups.
 */
import { sameOrganism } from "../genes/genes_set.ts";
import type { Genes } from "../genes/genes.ts";
import { absolutePath, joinPath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import { checkGenes } from "./find_genes.ts";
import {
  isProfilesFolder,
  type OpeningContainer,
  type OpenOptions,
  type Profiles,
} from "./profiles.ts";
import { PROFILES_YAML, ProfilesMetadata } from "./profiles_metadata.ts";

/** A container that another one is made of. */
export interface Related {
  /** What it is to the other, in messages, as `base container`. */
  readonly role: string;
  /** The path of its folder. */
  readonly path: string;
  /** The identifier that it had when the other was made. */
  readonly uuid: string;
  /** The number of profiles that it had, where that is known. */
  readonly profilesCount?: number;
  /** The name that it is opened with. */
  readonly name?: string;
}

/**
 * Opens a container that another one is made of.
 *
 * @param owner The metadata of the container that is made of it.
 * @param related What is known of it.
 * @param genes The full genes set of both.
 * @param options How the owner is opened.
 * @returns The container.
 * @throws {Error} If it is missing, changed, of other genes or of another
 * organism, or leads back to the owner.
 */
export async function openRelated(
  owner: ProfilesMetadata,
  related: Related,
  genes: Genes,
  options: OpenOptions,
): Promise<Profiles> {
  const chain = [
    ...options.openedFrom ?? [],
    { path: absolutePath(owner.path), uuid: owner.uuid },
  ];
  const metadata = loadRelated(owner, related, chain);
  checkRelated(owner, related, metadata);
  checkGenes(metadata, genes);
  const { cache = true, compute } = options;
  const { name = "" } = related;
  const own = { cache, compute, name, openedFrom: chain };
  return await metadata.open(genes, own);
}

function loadRelated(
  owner: ProfilesMetadata,
  related: Related,
  chain: readonly OpeningContainer[],
): ProfilesMetadata {
  const { role, path } = related;
  const place = absolutePath(path);
  if (chain.some((other) => other.path === place)) {
    throw circle(owner, related);
  }
  if (!isProfilesFolder(path)) {
    throw new Error(
      `Cannot open ${owner.path}: its ${role} ${path} (${related.uuid}) is ` +
        "missing; if one of them was moved, move the other along",
    );
  }
  const metadata = ProfilesMetadata.load(joinPath(path, PROFILES_YAML));
  const isCircle = metadata.uuid === related.uuid &&
    chain.some(({ uuid }) => uuid === metadata.uuid);
  if (isCircle) throw circle(owner, related);
  return metadata;
}

function circle(owner: ProfilesMetadata, { role, path }: Related): Error {
  return new Error(
    `Cannot open ${owner.path}: its ${role} ${path} leads back to itself`,
  );
}

/** Compares what an owner says of a container with what that says itself. */
function checkRelated(
  owner: ProfilesMetadata,
  { role, path, uuid, profilesCount }: Related,
  metadata: ProfilesMetadata,
): void {
  const why = metadata.uuid !== uuid
    ? `changed: its uuid was ${uuid} and is ${metadata.uuid}`
    : metadata.profilesCount !== (profilesCount ?? metadata.profilesCount)
    ? `changed: it had ${countOf(profilesCount!, "profile")} and has ` +
      `${metadata.profilesCount}`
    : whyNotTogether(owner, metadata);
  if (why === undefined) return;
  throw new Error(`Cannot open ${owner.path}: its ${role} ${path} ${why}`);
}

/**
 * Why two containers can't be one, if they can't: their genes, or organisms.
 *
 * @param owner The metadata of one.
 * @param other The metadata of the other.
 * @returns What is to be said of the other, or undefined.
 */
export function whyNotTogether(
  owner: Pick<ProfilesMetadata, "genesUuid" | "organism">,
  other: ProfilesMetadata,
): string | undefined {
  if (owner.genesUuid !== other.genesUuid) {
    return `is of other genes: its genes set is ${other.genesUuid}, ` +
      `and not ${owner.genesUuid}`;
  }
  if (sameOrganism(owner.organism, other.organism)) return undefined;
  return `is of ${other.organism}, and not of ${owner.organism}`;
}
