/** Which folders are containers, and what containers can't do without. */
import { isWithin, joinPath } from "../io/paths.ts";
import { isProfilesFolder, type Profiles } from "./profiles.ts";
import { PROFILES_YAML, ProfilesMetadata } from "./profiles_metadata.ts";
import "./load.ts";

/**
 * Whether a folder is a container whose metadata can be read, which a file of
 * the name `profiles.yaml` alone does not make it.
 *
 * @param path The path of the folder.
 * @returns True where it has metadata with all keys that they must have.
 */
export function isContainerFolder(path: string): boolean {
  if (!isProfilesFolder(path)) return false;
  try {
    ProfilesMetadata.load(joinPath(path, PROFILES_YAML));
    return true;
  } catch {
    return false; // whatever it is, nothing here wrote it whole
  }
}

/**
 * Checks that a folder can be replaced without taking away what a container
 * is made of: the containers below it, and its genes set.
 *
 * @param destination The path of the folder that is to be replaced.
 * @param profiles The container.
 * @throws {Error} If any of those is the folder, or in it.
 */
export function checkKept(destination: string, profiles: Profiles): void {
  const { metadata, genes } = profiles;
  const needed = [metadata.path, ...profiles.dirPaths(), genes.full.place];
  const lost = needed.find((path) => isWithin(path, destination));
  if (lost === undefined) return;
  throw new Error(
    `Cannot write ${destination}: it overlaps ${lost}, which it is made of`,
  );
}
