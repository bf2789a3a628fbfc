import { readDataArray } from "../arrays/data_array_files.ts";
import { fileSize, pathKind } from "../io/files.ts";
import type { Profiles } from "../profiles/profiles.ts";
import { folderSize } from "./folder_size.ts";

/** What there is to say of a container; the keys are those of `--json`. */
export interface Description {
  /** `batch`, `view`, `groups` or `collection`. */
  readonly kind: string;
  /** Where it is, as it was named. */
  readonly path: string;
  /** Its identifier. */
  readonly uuid: string;
  /** Of which organism. */
  readonly organism: string;
  /** What a profile is, as `cells`. */
  readonly profiles_kind: string;
  /** How many profiles. */
  readonly profiles_count: number;
  /** How many genes. */
  readonly genes_count: number;
  /** How many of the genes its source did not measure. */
  readonly genes_not_measured: number;
  /** How many counts are not zero. */
  readonly entries_count: number;
  /** The size of the folder, without its cache. */
  readonly bytes: number;
  /** The size of the counts. */
  readonly matrix_bytes: number;
  /** The names of the data, a list a kind. */
  readonly available: { readonly g: string[]; readonly p: string[] };
  /** The genes set. */
  readonly genes: { readonly path: string; readonly uuid: string };
  /** Of which container it is a view. */
  readonly base: string | null;
  /** What a collection combines. */
  readonly members: readonly string[] | null;
}

const KINDS: readonly (readonly [key: string, kind: string])[] = [
  ["base_profiles", "view"],
  ["grouped_profiles", "groups"],
  ["combined_profiles", "collection"],
];

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
    kind: kindOf(profiles),
    path: metadata.path,
    uuid: metadata.uuid,
    organism: metadata.organism,
    profiles_kind: metadata.profilesKind,
    profiles_count: profiles.profilesCount,
    genes_count: genes.count,
    genes_not_measured: countNotMeasured(metadata.path),
    entries_count: await profiles.entriesCount(),
    bytes: folderSize(metadata.path),
    matrix_bytes: matrixSize(profiles),
    available: {
      g: await profiles.availableData("g"),
      p: await profiles.availableData("p"),
    },
    genes: { path: genes.full.place, uuid: genes.full.uuid },
    base: textOf(profiles, "base_profiles"),
    members: membersOf(profiles),
  };
}

function kindOf({ metadata }: Profiles): string {
  const found = KINDS.find(([key]) => metadata.value(key) !== undefined);
  return found?.[1] ?? "batch";
}

function textOf({ metadata }: Profiles, key: string): string | null {
  const value = metadata.value(key);
  return typeof value === "string" ? value : null;
}

function membersOf({ metadata }: Profiles): string[] | null {
  const members = metadata.value("combined_profiles");
  if (!Array.isArray(members)) return null;
  return members.map((member) => String(member?.name));
}

function matrixSize(profiles: Profiles): number {
  const sizes = ["gp.umis.mmm", "gp.umis.npy"]
    .map((name) => profiles.dataPath(name))
    .filter((path) => pathKind(path) === "file")
    .map(fileSize);
  return sizes[0] ?? 0;
}

function countNotMeasured(path: string): number {
  if (pathKind(`${path}/genes.measured.npy`) !== "file") return 0;
  const measured = readDataArray(path, "genes.measured");
  if (measured.kind !== "number") return 0;
  return Array.from<number | bigint>(measured.values)
    .filter((value) => !value).length;
}
