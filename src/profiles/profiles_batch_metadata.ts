import type { Genes } from "../genes/genes.ts";
import type { OpenOptions } from "./profiles.ts";
import { ProfilesBatch } from "./profiles_batch.ts";
import { ProfilesMetadata } from "./profiles_metadata.ts";

/** The metadata of a batch of profiles. */
export class ProfilesBatchMetadata extends ProfilesMetadata {
  /** The class of the container. */
  static get container(): typeof ProfilesBatch {
    return ProfilesBatch;
  }

  /**
   * Opens the batch for access.
   *
   * @param genes The full genes set of the profiles.
   * @param options The name of the batch, and whether it caches.
   * @returns The batch.
   */
  // deno-lint-ignore require-await
  override async open(
    genes: Genes,
    options: OpenOptions = {},
  ): Promise<ProfilesBatch> {
    return new ProfilesBatch(this, genes, options);
  }
}

ProfilesMetadata.register(undefined, ProfilesBatchMetadata);
