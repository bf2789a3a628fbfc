import { fileSize, pathKind } from "../io/files.ts";
import type { Profiles } from "../profiles/profiles.ts";
import { type ContainerTree, describeTree } from "./describe_tree.ts";
import { folderSize } from "./folder_size.ts";

/** What there is to say of a container; the keys are those of `--json`. */
export interface Description extends ContainerTree {
  /** Of which organism. */
  readonly organism: string;
  /** How many counts are not zero. */
  readonly entries_count: number;
  /** The size of the folder, without its cache. */
  readonly bytes: number;
  /** The size of the counts that are in the folder itself. */
  readonly matrix_bytes: number;
  /** The names of the data, a list a kind. */
  readonly available: { readonly g: string[]; readonly p: string[] };
  /** The genes set. */
  readonly genes: { readonly path: string; readonly uuid: string };
}

/**
 * Describes a container.
 *
 * @param profiles The container.
 * @returns What there is to say.
 */
export async function describeContainer(
  profiles: Profiles,
): Promise<Description> {
  const { metadata, genes } = profiles;
  return {
    ...await describeTree(profiles),
    organism: metadata.organism,
    entries_count: await profiles.entriesCount(),
    bytes: folderSize(metadata.path),
    matrix_bytes: matrixSize(profiles),
    available: {
      g: await profiles.availableData("g"),
      p: await profiles.availableData("p"),
    },
    genes: { path: genes.full.place, uuid: genes.full.uuid },
  };
}

function matrixSize(profiles: Profiles): number {
  const sizes = ["gp.umis.mmm", "gp.umis.npy"]
    .map((name) => profiles.dataPath(name))
    .filter((path) => pathKind(path) === "file")
    .map(fileSize);
  return sizes[0] ?? 0;
}
