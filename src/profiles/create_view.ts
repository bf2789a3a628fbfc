import { writeNpy } from "../arrays/npy.ts";
import { joinPath } from "../io/paths.ts";
import {
  buildContainer,
  type BuildContainerOptions,
} from "./build_container.ts";
import { checkKept } from "./container_folder.ts";
import { checkIndices } from "./index_file.ts";
import type { Profiles } from "./profiles.ts";
import type { ProfilesMetadata } from "./profiles_metadata.ts";
import { ProfilesView } from "./profiles_view.ts";
import { GENES_INDEX_FILE, PROFILES_INDEX_FILE } from "./view_files.ts";

/** What a view takes of its base. */
export interface CreateViewOptions extends BuildContainerOptions {
  /** The profiles, each once, in the order that they are to have; all. */
  readonly profileIndices?: ArrayLike<number> | undefined;
  /** The genes, each once, in any order as they keep their own; all. */
  readonly geneIndices?: ArrayLike<number> | undefined;
}

/**
 * Makes a view on disk, whole or not at all. Without indices it is just a
 * link. {@linkcode ProfilesView} has an example.
 *
 * @param destination The path of the folder to make.
 * @param base The container that it is to be a view of.
 * @param options Which profiles and genes; whether a container that is there
 * is replaced.
 * @returns The metadata of the view.
 * @throws {RangeError} If an index is out of range, or there twice.
 * @throws {Error} If the folder overlaps the base, or what that is made of, or
 * something is there.
 */
export async function createView(
  destination: string,
  base: Profiles,
  options: CreateViewOptions = {},
): Promise<ProfilesMetadata> {
  const { profileIndices, geneIndices } = options;
  const profiles = profileIndices &&
    check("profile", profileIndices, base.profilesCount, destination);
  const genes = geneIndices &&
    check("gene", sorted(geneIndices), base.genes.count, destination);
  const sources = [base.metadata.path];
  checkKept(destination, base);
  return await buildContainer(destination, sources, options, async (path) => {
    if (profiles) writeIndices(joinPath(path, PROFILES_INDEX_FILE), profiles);
    if (genes) writeIndices(joinPath(path, GENES_INDEX_FILE), genes);
    await ProfilesView.created(path, base);
  });
}

function sorted(indices: ArrayLike<number>): ArrayLike<number> {
  return Array.from(indices).sort((left, right) => left - right);
}

function check(
  what: "gene" | "profile",
  indices: ArrayLike<number>,
  limit: number,
  destination: string,
): Int32Array {
  const list = Array.from(indices);
  const wrong = list.findIndex((index) => !Number.isInteger(index));
  if (wrong >= 0) {
    throw new TypeError(
      `Cannot make a view of ${what} ${list[wrong]}: indices are whole numbers`,
    );
  }
  const { length: count } = list;
  // Before they become int32, where those that are too large would wrap.
  checkIndices(list, destination, { what, limit, count });
  return Int32Array.from(list);
}

function writeIndices(path: string, data: Int32Array): void {
  writeNpy(path, { dtype: "int32", data });
}
