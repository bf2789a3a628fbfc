import type { Genes } from "../genes/genes.ts";
import { resolveWithin } from "../io/paths.ts";
import type { YamlKeys } from "../metadata/yaml_metadata.ts";
import type { OpenOptions } from "./profiles.ts";
import { ProfilesMetadata } from "./profiles_metadata.ts";
import { ProfilesView } from "./profiles_view.ts";
import { openRelated } from "./related.ts";

/** The metadata of a view. */
export class ProfilesViewMetadata extends ProfilesMetadata {
  /** The keys that the file must have, and the types of their values. */
  static override readonly requiredKeys: YamlKeys = {
    ...ProfilesMetadata.requiredKeys,
    base_profiles: "text",
    base_uuid: "text",
  };

  /** The class of the container. */
  static get container(): typeof ProfilesView {
    return ProfilesView;
  }

  /** The path of the base container, as the file has it: relative. */
  get baseProfiles(): string {
    return this.text("base_profiles");
  }

  /** The path of the base container. */
  get basePath(): string {
    return resolveWithin(this.path, this.baseProfiles);
  }

  /** The identifier that the base container had when the view was made. */
  get baseUuid(): string {
    return this.text("base_uuid");
  }

  /**
   * Opens the view for access.
   *
   * @param genes The full genes set of the profiles.
   * @param options The name of the view, and whether it caches.
   * @returns The view.
   * @throws {Error} If its base is missing, changed, or leads back to it.
   */
  override async open(
    genes: Genes,
    options: OpenOptions = {},
  ): Promise<ProfilesView> {
    const role = "base container";
    const related = { role, path: this.basePath, uuid: this.baseUuid };
    const base = await openRelated(this, related, genes, options);
    return new ProfilesView(this, base, options);
  }
}

ProfilesMetadata.register("base_profiles", ProfilesViewMetadata);
