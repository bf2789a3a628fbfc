import { buildFolderAtomically } from "../io/atomic.ts";
import { isOverlapping, joinPath } from "../io/paths.ts";
import { isContainerFolder } from "./container_folder.ts";
import { PROFILES_YAML, ProfilesMetadata } from "./profiles_metadata.ts";

/** How a container is made on disk. */
export interface BuildContainerOptions {
  /** Whether a container that is there is replaced. */
  readonly force?: boolean;
}

/**
 * Builds the folder of a container, whole or not at all.
 *
 * @param destination Where it is to be.
 * @param sources The folders of containers that it is made of, which it may
 * not overlap.
 * @param options Whether a container that is there is replaced.
 * @param build Fills the folder whose path it is given: it is beside the
 * destination, so that relative paths are the same.
 * @returns The metadata of the container.
 * @throws {Error} If it would overlap a source, or something is there.
 */
export async function buildContainer(
  destination: string,
  sources: readonly string[],
  options: BuildContainerOptions,
  build: (path: string) => Promise<unknown>,
): Promise<ProfilesMetadata> {
  const other = sources.find((source) => isOverlapping(source, destination));
  if (other !== undefined) {
    throw new Error(
      `Cannot write ${destination}: it overlaps ${other}, which it is made of`,
    );
  }
  const { force = false } = options;
  await buildFolderAtomically(
    destination,
    { force, isReplaceable: isContainerFolder },
    build,
  );
  return ProfilesMetadata.load(joinPath(destination, PROFILES_YAML));
}
