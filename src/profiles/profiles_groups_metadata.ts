import type { Genes } from "../genes/genes.ts";
import { GenesSubset } from "../genes/genes_subset.ts";
import { joinPath, resolveWithin } from "../io/paths.ts";
import type { YamlKeys } from "../metadata/yaml_metadata.ts";
import { IndexFile } from "./index_file.ts";
import type { OpenOptions } from "./profiles.ts";
import { ProfilesGroups } from "./profiles_groups.ts";
import { ProfilesMetadata } from "./profiles_metadata.ts";
import { GENES_INDEX_FILE } from "./view_files.ts";

/** The metadata of groups. */
export class ProfilesGroupsMetadata extends ProfilesMetadata {
  /** The keys that the file must have, and the types of their values. */
  static override readonly requiredKeys: YamlKeys = {
    ...ProfilesMetadata.requiredKeys,
    grouped_profiles: "text",
    grouped_uuid: "text",
  };

  /** The class of the container. */
  static get container(): typeof ProfilesGroups {
    return ProfilesGroups;
  }

  /** The path of the grouped container, as the file has it: relative. */
  get groupedProfiles(): string {
    return this.text("grouped_profiles");
  }

  /** The path of the grouped container. */
  get groupedPath(): string {
    return resolveWithin(this.path, this.groupedProfiles);
  }

  /** The identifier that the grouped container had. */
  get groupedUuid(): string {
    return this.text("grouped_uuid");
  }

  /**
   * Opens the groups for access; the grouped container is not needed.
   *
   * @param genes The full genes set of the profiles.
   * @param options The name of the groups, and whether they cache.
   * @returns The groups.
   */
  // deno-lint-ignore require-await
  override async open(
    genes: Genes,
    options: OpenOptions = {},
  ): Promise<ProfilesGroups> {
    const index = IndexFile.find(joinPath(this.path, GENES_INDEX_FILE), {
      what: "gene",
      limit: genes.count,
      count: this.genesCount,
    });
    if (index === undefined) return new ProfilesGroups(this, genes, options);
    const load = () => index.indices();
    const subset = new GenesSubset(genes, { count: index.count, load });
    return new ProfilesGroups(this, subset, options);
  }
}

ProfilesMetadata.register("grouped_profiles", ProfilesGroupsMetadata);
