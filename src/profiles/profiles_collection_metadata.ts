import { encodeName } from "../arrays/names.ts";
import type { Genes } from "../genes/genes.ts";
import { joinPath } from "../io/paths.ts";
import type { YamlKeys, YamlValue } from "../metadata/yaml_metadata.ts";
import { CombinedMetadata } from "./combined_metadata.ts";
import type { OpenOptions, Profiles } from "./profiles.ts";
import { ProfilesCollection } from "./profiles_collection.ts";
import { ProfilesMetadata } from "./profiles_metadata.ts";
import { openRelated } from "./related.ts";

/** The metadata of a collection. */
export class ProfilesCollectionMetadata extends ProfilesMetadata {
  /** The keys that the file must have, and the types of their values. */
  static override readonly requiredKeys: YamlKeys = {
    ...ProfilesMetadata.requiredKeys,
    combined_profiles: "list",
  };

  /** The class of the container. */
  static get container(): typeof ProfilesCollection {
    return ProfilesCollection;
  }

  #combined: readonly CombinedMetadata[] | undefined;

  /** What the file says of the members, in order. */
  get combinedProfiles(): readonly CombinedMetadata[] {
    this.#combined ??= (this.value("combined_profiles") as YamlValue[])
      .map((entry) => new CombinedMetadata(this.yamlPath, entry));
    return this.#combined;
  }

  /**
   * The path of a member.
   *
   * @param name The name of the member.
   * @returns The path of its folder, in that of the collection.
   */
  memberPath(name: string): string {
    return joinPath(this.path, encodeName(name));
  }

  /**
   * Opens the collection, and its members, for access.
   *
   * @param genes The full genes set of the profiles.
   * @param options The name of the collection, and whether it caches.
   * @returns The collection.
   * @throws {Error} If a member is missing, changed, or of other genes.
   */
  override async open(
    genes: Genes,
    options: OpenOptions = {},
  ): Promise<ProfilesCollection> {
    const containers: Profiles[] = [];
    for (const member of this.combinedProfiles) {
      const { name, uuid, profilesCount } = member;
      const related = {
        role: `member ${name}`,
        path: this.memberPath(name),
        uuid,
        profilesCount,
        name: member.isPart ? "" : name,
      };
      containers.push(await openRelated(this, related, genes, options));
    }
    return new ProfilesCollection(this, containers, options);
  }
}

ProfilesMetadata.register("combined_profiles", ProfilesCollectionMetadata);
