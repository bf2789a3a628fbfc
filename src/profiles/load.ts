/**
 * Loads containers. The classes of metadata register themselves when their
 * modules are loaded, which this one sees to.
 */
import type { Genes } from "../genes/genes.ts";
import { findMovedAside } from "../io/atomic.ts";
import { pathKind } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { checkGenes, findGenes } from "./find_genes.ts";
import { isProfilesFolder, type LoadOptions, Profiles } from "./profiles.ts";
import "./profiles_batch_metadata.ts";
import "./profiles_collection_metadata.ts";
import "./profiles_groups_metadata.ts";
import "./profiles_view_metadata.ts";
import { PROFILES_YAML, ProfilesMetadata } from "./profiles_metadata.ts";

Profiles.load = loadProfiles;

async function loadProfiles(
  path: string,
  genes?: Genes,
  options: LoadOptions = {},
): Promise<Profiles> {
  if (!isProfilesFolder(path)) throw notContainer(path);
  const metadata = ProfilesMetadata.load(joinPath(path, PROFILES_YAML));
  const { profilesKind = metadata.profilesKind } = options;
  if (metadata.profilesKind !== profilesKind) {
    throw new Error(
      `Cannot open ${path}: its profiles are ${metadata.profilesKind}, ` +
        `not ${profilesKind}`,
    );
  }
  if (genes) checkGenes(metadata, genes);
  return await metadata.open(genes ?? await findGenes(metadata), options);
}

function notContainer(path: string): Error {
  const aside = findMovedAside(path);
  const why = aside !== undefined
    ? `a process that was replacing it was killed, it is at ${aside}`
    : pathKind(path) === "missing"
    ? "there is no such folder"
    : `it is not a container of profiles, it has no ${PROFILES_YAML}`;
  return new Error(`Cannot open ${path}: ${why}`);
}
