import type { DataArray } from "../arrays/data_array.ts";
import { copyColumns, makeColumns } from "../arrays/dense.ts";
import { joinDataArrays } from "../arrays/join_data_arrays.ts";
import { encodeName } from "../arrays/names.ts";
import type { AnyNpyArray } from "../arrays/npy.ts";
import type { LeafSpan, ProfileSelection } from "../compute/leaf_spans.ts";
import type { Genes } from "../genes/genes.ts";
import { joinPath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import type { ArrayKind, DataKind, MatrixKind } from "./array_names.ts";
import {
  checkMemberNames,
  checkTogether,
  describeMembers,
} from "./collection_members.ts";
import { PROFILES_DEPENDENT_DATA } from "./dependent_data.ts";
import { type OpenOptions, Profiles } from "./profiles.ts";
import { ProfilesCollectionMetadata } from "./profiles_collection_metadata.ts";
import type { MatrixAxes } from "./profiles_data.ts";
import { PROFILES_YAML } from "./profiles_metadata.ts";
import { findOwner, splitSelection } from "./selection.ts";

/** Data that only some members of a collection have. */
export interface PartialData {
  /** The name of the data, without the kind. */
  readonly name: string;
  /** The names of the members that have none. */
  readonly lacking: readonly string[];
}

/**
 * A collection: named containers, each a sub-folder, as one container of all
 * their profiles, in order.
 *
 * Data a profile (`p`, `gp`) are joined. Those that only some of the members
 * have are not data of the collection: asking for them is an error that names
 * the members without, and `partlyAvailableData` lists them. So are those that
 * depend on all profiles (`ProfilesView.PROFILES_DEPENDENT_DATA`), as the
 * profiles of a member are not all. Data a gene (`g`, `gg`) and of two
 * profiles (`pp`) are those that were written into the collection, and `g`
 * those of the genes set too.
 *
 * @example Put two batches together
 * ```ts
 * import {
 *   createCollection,
 *   GenesSet,
 *   MemoryMappedMatrix,
 *   Profiles,
 *   ProfilesBatch,
 * } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/genes`);
 * await Deno.writeTextFile(`${folder}/genes/g.name.txt`, "ACTB\nCD3D\n");
 * const genes = await GenesSet.created(`${folder}/genes`, "human");
 * for (const name of ["first", "second"]) {
 *   await Deno.mkdir(`${folder}/${name}`);
 *   MemoryMappedMatrix.write(`${folder}/${name}/gp.umis.mmm`, 2, [[[1, 4]]]);
 *   await Deno.writeTextFile(`${folder}/${name}/p.barcode.txt`, "AAAC-1\n");
 *   await ProfilesBatch.created(`${folder}/${name}`, genes, "cells");
 * }
 *
 * await createCollection(`${folder}/study`, [
 *   { name: "first", path: `${folder}/first` },
 *   { name: "second", path: `${folder}/second` },
 * ]);
 * using study = await Profiles.load(`${folder}/study`);
 * const names = await study.profileNames();
 * assertEquals(names, ["first:AAAC-1", "second:AAAC-1"]);
 * assertEquals([...await study.totalUmis("g")], [0, 8]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class ProfilesCollection extends Profiles {
  /** The metadata of the collection. */
  declare readonly metadata: ProfilesCollectionMetadata;
  /** The members, in order. */
  readonly containers: readonly Profiles[];
  /** The index that the first profile of each member has here. */
  readonly firstProfileIndices: Int32Array;
  /** The index of each member by its name. */
  readonly indexByName: ReadonlyMap<string, number>;
  readonly #names: readonly string[];

  /**
   * Opens a collection; `Profiles.load` is how a folder is opened.
   *
   * @param metadata The metadata of the collection.
   * @param containers Its open members, in order.
   * @param options The name of the collection, and whether it caches.
   * @throws {Error} If there are none, or they are not what the metadata say.
   */
  constructor(
    metadata: ProfilesCollectionMetadata,
    containers: readonly Profiles[],
    options: OpenOptions = {},
  ) {
    super(metadata, genesOf(metadata.path, containers), options);
    this.containers = containers;
    this.#names = metadata.combinedProfiles.map(({ name }) => name);
    this.indexByName = new Map(this.#names.map((name, at) => [name, at]));
    this.firstProfileIndices = startsOf(containers);
    this.#checkMembers();
  }

  /**
   * Writes the `profiles.yaml` of a folder that has all members, each as a
   * sub-folder of its name (encoded, where it is no name of a file).
   *
   * @param path The path of the folder.
   * @param names The names of the members, in order.
   * @param genes The full genes set, where the members do not find it.
   * @returns The metadata that were written.
   * @throws {Error} If there are no members, names are no names or differ only
   * by case, or members do not go together: of other genes, another organism,
   * or another kind of profiles.
   */
  static async created(
    path: string,
    names: readonly string[],
    genes?: Genes,
  ): Promise<ProfilesCollectionMetadata> {
    checkMemberNames(path, names);
    const members: Profiles[] = [];
    try {
      for (const name of names) {
        const memberPath = joinPath(path, encodeName(name));
        members.push(await Profiles.load(memberPath, genes));
      }
      checkTogether(path, names, members);
      const metadata = new ProfilesCollectionMetadata(
        joinPath(path, PROFILES_YAML),
        describeMembers(path, names, members),
      );
      metadata.dump();
      return metadata;
    } finally {
      for (const member of members) member.close();
    }
  }

  /**
   * Which member a profile is in.
   *
   * @param profileIndex The profile, from 0.
   * @returns The index of the member.
   * @throws {RangeError} If there is no such profile.
   */
  containerIndexOfProfile(profileIndex: number): number {
    this.profilesAt([profileIndex]);
    return findOwner(this.firstProfileIndices, profileIndex);
  }

  /**
   * What data a profile only some of the members have, which therefore are no
   * data of the collection.
   *
   * @param kind `"p"` or `"gp"`.
   * @returns The names, sorted, and the members that have none.
   */
  async partlyAvailableData(kind: "p" | "gp"): Promise<PartialData[]> {
    const members = await this.#availableOfMembers(kind);
    const stored = new Set(this.storedNames(kind));
    const names = [...new Set(members.flat())]
      .filter((name) => !stored.has(name)).sort();
    return names
      .map((name) => ({ name, lacking: this.#lacking(members, name) }))
      .filter(({ lacking }) => lacking.length > 0);
  }

  /**
   * The folders that hold the counts.
   *
   * @returns The paths of all members.
   */
  override dirPaths(): string[] {
    return this.containers.flatMap((member) => member.dirPaths());
  }

  /**
   * The counts as spans of the matrices of the members.
   *
   * @param selection Which profiles, where they go, what genes become.
   * @returns The spans.
   */
  override async leafSpans(
    selection: ProfileSelection = {},
  ): Promise<readonly LeafSpan[]> {
    const { containers, firstProfileIndices } = this;
    const parts = splitSelection(containers, firstProfileIndices, selection);
    const spans: LeafSpan[] = [];
    for (const [member, part] of parts) {
      spans.push(...await member.leafSpans(part));
    }
    return spans;
  }

  /**
   * Which genes were measured in all members.
   *
   * @returns 1 for each gene that was, else 0; undefined where all were.
   */
  override async measuredGenes(): Promise<Uint8Array | undefined> {
    let measured: Uint8Array | undefined;
    for (const member of this.containers) {
      const own = await member.measuredGenes();
      if (own === undefined) continue;
      const before = measured;
      measured = before ? own.map((value, at) => value & before[at]!) : own;
    }
    return measured;
  }

  /** Closes all members; closing twice is fine. */
  override close(): void {
    for (const member of this.containers) member.close();
  }

  /**
   * The names of data that all members have, and can be joined.
   *
   * @param kind The kind of the data.
   * @returns The names without the kind.
   */
  protected override async inheritedNames(
    kind: DataKind,
  ): Promise<readonly string[]> {
    if (kind !== "p" && kind !== "gp") return await super.inheritedNames(kind);
    const members = await this.#availableOfMembers(kind);
    return members[0]!.filter((name) =>
      this.#joins(kind, name) && this.#lacking(members, name).length === 0
    );
  }

  /**
   * Data of all members joined, or of the genes set.
   *
   * @param kind `"g"` or `"p"`.
   * @param name One of the inherited names.
   * @returns The values.
   */
  protected override async inheritedArray(
    kind: ArrayKind,
    name: string,
  ): Promise<DataArray> {
    if (kind === "g") return await super.inheritedArray(kind, name);
    const arrays: DataArray[] = [];
    for (const member of this.containers) {
      arrays.push(await member.anyArray(kind, name));
    }
    const places = this.containers.map((member) =>
      `${kind}.${name} of ${member.metadata.path}`
    );
    return joinDataArrays(arrays, places);
  }

  /**
   * Matrices of all members joined.
   *
   * @param kind `"gp"`.
   * @param name One of the inherited names.
   * @param axes The rows and columns that are wanted.
   * @returns The matrix.
   */
  protected override async inheritedMatrix(
    kind: MatrixKind,
    name: string,
    { rows, columns }: MatrixAxes,
  ): Promise<AnyNpyArray> {
    const targets = columns?.map((_, at) => at);
    const selection = { profiles: columns, targets };
    const { containers, firstProfileIndices } = this;
    const parts: [Profiles, ProfileSelection][] = columns?.length === 0
      ? [[containers[0]!, selection]] // it knows the type
      : splitSelection(containers, firstProfileIndices, selection);
    const count = columns?.length ?? this.profilesCount;
    let joined: AnyNpyArray | undefined;
    for (const [member, part] of parts) {
      const matrix = await member.anyMatrix(kind, name, {
        profileIndices: part.profiles,
        geneIndices: rows,
      });
      joined ??= makeColumns(matrix.dtype, matrix.shape[0]!, count);
      this.#checkType(`${kind}.${name}`, joined, matrix, member);
      const first = part.firstTarget ?? 0;
      const to = part.targets ??
        Int32Array.from({ length: matrix.shape[1]! }, (_, at) => first + at);
      copyColumns(matrix, joined, { targets: to });
    }
    return joined!;
  }

  /**
   * Why there are no data of a name: only some members may have them.
   *
   * @param kind The kind of the data.
   * @param name The name, without the kind.
   * @returns What a message says.
   */
  protected override async whyMissing(
    kind: DataKind,
    name: string,
  ): Promise<string> {
    if (kind !== "p" && kind !== "gp") {
      return await super.whyMissing(kind, name);
    }
    const members = await this.#availableOfMembers(kind);
    const lacking = this.#lacking(members, name);
    if (lacking.length === members.length) {
      return await super.whyMissing(kind, name);
    }
    if (lacking.length === 0) {
      return "its members have one, which depends on all of their profiles";
    }
    const { length: count } = lacking;
    return `${count} of its ${members.length} members ` +
      `${count === 1 ? "has" : "have"} none: ${shorten(lacking)}`;
  }

  /**
   * The name that a profile has in its member.
   *
   * @param profileIndex The profile, from 0.
   * @param baseIndex What is added to an index.
   * @returns The name.
   */
  protected override async inheritedName(
    profileIndex: number,
    baseIndex: number,
  ): Promise<string> {
    const at = this.containerIndexOfProfile(profileIndex);
    const first = this.firstProfileIndices[at]!;
    return await this.containers[at]!
      .profileName(profileIndex - first, { baseIndex: baseIndex + first });
  }

  /**
   * The names that profiles have in their members.
   *
   * @param baseIndex What is added to an index.
   * @returns A name a profile.
   */
  protected override async inheritedProfileNames(
    baseIndex: number,
  ): Promise<readonly string[]> {
    const names: (readonly string[])[] = [];
    for (const [at, member] of this.containers.entries()) {
      const first = this.firstProfileIndices[at]!;
      names.push(await member.profileNames({ baseIndex: baseIndex + first }));
    }
    return names.flat();
  }

  async #availableOfMembers(kind: "p" | "gp"): Promise<string[][]> {
    const names: string[][] = [];
    for (const member of this.containers) {
      names.push(await member.availableData(kind));
    }
    return names;
  }

  #lacking(available: readonly string[][], name: string): string[] {
    return this.#names.filter((_, at) => !available[at]!.includes(name));
  }

  /** A member alone has all profiles. */
  #joins(kind: DataKind, name: string): boolean {
    return this.containers.length === 1 ||
      !PROFILES_DEPENDENT_DATA[kind].has(name);
  }

  #checkType(
    key: string,
    joined: AnyNpyArray,
    matrix: AnyNpyArray,
    member: Profiles,
  ): void {
    if (joined.dtype === matrix.dtype) return;
    throw new TypeError(
      `Cannot join ${key} of ${this.metadata.path}: it is ${matrix.dtype} in ` +
        `${member.metadata.path}, and ${joined.dtype} in a member before it`,
    );
  }

  #checkMembers(): void {
    const { path } = this.metadata;
    const { containers } = this;
    checkMemberNames(path, this.#names);
    const count = containers.reduce(
      (sum, { profilesCount }) => sum + profilesCount,
      0,
    );
    if (count !== this.profilesCount) {
      throw new Error(
        `Cannot open ${path}: its members have ${countOf(count, "profile")}, ` +
          `and it says ${this.profilesCount}`,
      );
    }
    const { genesCount } = this.metadata;
    const other = containers.find(({ genes }) => genes.count !== genesCount);
    if (other === undefined) return;
    throw new Error(
      `Cannot open ${path}: its member ${other.metadata.path} has ` +
        `${countOf(other.genes.count, "gene")}, and it says ${genesCount}`,
    );
  }
}

function genesOf(path: string, members: readonly Profiles[]): Genes {
  if (members[0] !== undefined) return members[0].genes;
  throw new Error(`Cannot open ${path}: it is a collection without members`);
}

function startsOf(members: readonly Profiles[]): Int32Array {
  const starts = new Int32Array(members.length);
  let first = 0;
  members.forEach((member, at) => {
    starts[at] = first;
    first += member.profilesCount;
  });
  return starts;
}

function shorten(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
