/** The files of a view, and what its metadata say of them. */
import { combineUuids, fileUuid } from "../io/digest.ts";
import { pathKind } from "../io/files.ts";
import { joinPath, relativePath } from "../io/paths.ts";
import type { YamlDictionary, YamlValue } from "../metadata/yaml_metadata.ts";
import { checkIndices, readIndices } from "./index_file.ts";
import type { Profiles } from "./profiles.ts";

/** The file of the profiles that a view takes of its base. */
export const PROFILES_INDEX_FILE = "p.base_index.npy";

/** The file of the genes that a view takes of its base. */
export const GENES_INDEX_FILE = "genes.base_index.npy";

/** Stands for the index of profiles in the uuid of a view of genes alone. */
const NO_UUID = "00000000-0000-0000-0000-000000000000";

/**
 * The identifier of a view: that of its base, and its index files.
 *
 * @param baseUuid The identifier of the base.
 * @param path The path of the folder of the view.
 * @returns The identifier.
 */
export function viewUuid(baseUuid: string, path: string): string {
  const [profiles, genes] = [PROFILES_INDEX_FILE, GENES_INDEX_FILE]
    .map((name) => joinPath(path, name))
    .map((file) => pathKind(file) === "file" ? fileUuid(file) : undefined);
  // Without a place holder, an index of genes would pose as one of profiles.
  const first = profiles ?? (genes && NO_UUID);
  const uuids = [baseUuid, first, genes];
  return combineUuids(uuids.filter((uuid) => uuid !== undefined));
}

/**
 * Makes what the metadata of a view say; its index files are checked.
 *
 * @param path The path of the folder of the view.
 * @param baseProfiles The base container.
 * @returns The keys and values.
 * @throws {RangeError} If an index is out of range, is there twice, or one of
 * a gene does not come after the one before.
 */
export function describeView(
  path: string,
  baseProfiles: Profiles,
): YamlDictionary {
  const { metadata: base, genes, profilesCount } = baseProfiles;
  const profilesPath = joinPath(path, PROFILES_INDEX_FILE);
  const genesPath = joinPath(path, GENES_INDEX_FILE);
  const profiles = countIndices(profilesPath, "profile", profilesCount);
  const visible = countIndices(genesPath, "gene", genes.count);
  const dictionary: Record<string, YamlValue> = {
    uuid: viewUuid(base.uuid, path),
    organism: base.organism,
    genes: relativePath(path, genes.full.place),
    genes_uuid: base.genesUuid,
    genes_count: visible ?? genes.count,
    profiles_kind: base.profilesKind,
    profiles_count: profiles ?? profilesCount,
    base_profiles: relativePath(path, base.path),
    base_uuid: base.uuid,
  };
  const isLink = profiles === undefined && visible === undefined;
  if (isLink && base.entriesCount !== undefined) {
    dictionary.entries_count = base.entriesCount;
  }
  return dictionary;
}

/** How many indices a file has, where there is one; all are checked. */
function countIndices(
  path: string,
  what: "gene" | "profile",
  limit: number,
): number | undefined {
  if (pathKind(path) !== "file") return undefined;
  const indices = readIndices(path);
  const count = indices.length;
  checkIndices(indices, path, { what, limit, count });
  return count;
}
