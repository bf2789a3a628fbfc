import { encodeName } from "../arrays/names.ts";
import type { Genes } from "../genes/genes.ts";
import { makeFolder } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import {
  buildContainer,
  type BuildContainerOptions,
} from "./build_container.ts";
import { checkKept } from "./container_folder.ts";
import { Profiles } from "./profiles.ts";
import { checkMemberNames } from "./collection_members.ts";
import { ProfilesCollection } from "./profiles_collection.ts";
import type { ProfilesMetadata } from "./profiles_metadata.ts";
import { ProfilesView } from "./profiles_view.ts";

/** A container that is to be a member of a collection. */
export interface MemberToBe {
  /** The name that it is to have: one segment of a path. */
  readonly name: string;
  /** The path of its folder. */
  readonly path: string;
}

/** How a collection is made. */
export interface CreateCollectionOptions extends BuildContainerOptions {
  /** The full genes set, where the members do not find it themselves. */
  readonly genes?: Genes;
}

/**
 * Makes a collection on disk, whole or not at all. Its members are views that
 * are just links to the containers, which stay where they are.
 * {@linkcode ProfilesCollection} has an example.
 *
 * @param destination The path of the folder to make.
 * @param members The containers, and the names that they are to have.
 * @param options Their genes; whether a container that is there is replaced.
 * @returns The metadata of the collection.
 * @throws {Error} If there are no members, names are no names or differ only
 * by case, members do not go together, or the folder overlaps one of them, or
 * what that is made of.
 */
export async function createCollection(
  destination: string,
  members: readonly MemberToBe[],
  options: CreateCollectionOptions = {},
): Promise<ProfilesMetadata> {
  const names = members.map(({ name }) => name);
  checkMemberNames(destination, names);
  const sources = members.map((member) => member.path);
  return await buildContainer(destination, sources, options, async (path) => {
    for (const member of members) {
      using base = await Profiles.load(member.path, options.genes);
      checkKept(destination, base);
      const memberPath = joinPath(path, encodeName(member.name));
      makeFolder(memberPath);
      await ProfilesView.created(memberPath, base);
    }
    await ProfilesCollection.created(path, names, options.genes);
  });
}
