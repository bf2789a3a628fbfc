import { type DataArray, takeDataArray } from "../arrays/data_array.ts";
import type { AnyNpyArray } from "../arrays/npy.ts";
import type { LeafSpan, ProfileSelection } from "../compute/leaf_spans.ts";
import type { Genes } from "../genes/genes.ts";
import { GenesSubset } from "../genes/genes_subset.ts";
import { joinPath } from "../io/paths.ts";
import type { ArrayKind, DataKind, MatrixKind } from "./array_names.ts";
import {
  GENES_DEPENDENT_DATA,
  type NamesByKind,
  PROFILES_DEPENDENT_DATA,
} from "./dependent_data.ts";
import { IndexFile } from "./index_file.ts";
import { type OpenOptions, Profiles } from "./profiles.ts";
import type { MatrixAxes } from "./profiles_data.ts";
import { PROFILES_YAML } from "./profiles_metadata.ts";
import { ProfilesViewMetadata } from "./profiles_view_metadata.ts";
import { composeMaps, invertIndices } from "./selection.ts";
import {
  describeView,
  GENES_INDEX_FILE,
  PROFILES_INDEX_FILE,
} from "./view_files.ts";

/**
 * A view: a restriction of another container to some profiles, some genes, or
 * both, or to neither, which is just a link. The counts stay where they are.
 *
 * Data of the base are data of the view, with the values of its profiles and
 * genes, except those that depend on all genes or all profiles and so would be
 * wrong; the two tables name them, and names can be added. Data that are
 * written into the view come before those of the base.
 *
 * @example Take some profiles and genes
 * ```ts
 * import {
 *   createView,
 *   GenesSet,
 *   MemoryMappedMatrix,
 *   Profiles,
 *   ProfilesBatch,
 * } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/batch/genes`, { recursive: true });
 * await Deno.writeTextFile(
 *   `${folder}/batch/genes/g.name.txt`,
 *   "ACTB\nCD3D\nLYZ\n",
 * );
 * const genes = await GenesSet.created(`${folder}/batch/genes`, "human");
 * const data: [number, number][][] = [[[0, 5], [2, 1]], [[1, 2]], [[2, 9]]];
 * MemoryMappedMatrix.write(`${folder}/batch/gp.umis.mmm`, 3, data);
 * await ProfilesBatch.created(`${folder}/batch`, genes, "cells");
 *
 * using batch = await Profiles.load(`${folder}/batch`);
 * await createView(`${folder}/view`, batch, {
 *   profileIndices: [2, 0],
 *   geneIndices: [1, 2],
 * });
 * using view = await Profiles.load(`${folder}/view`);
 * assertEquals(await view.profileNames(), ["2", "0"]);
 * assertEquals([...await view.totalUmis("p")], [9, 1]);
 * const { data: counts } = await view.matrix("gp", "umis", "uint32");
 * assertEquals([...counts], [0, 9, 0, 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class ProfilesView extends Profiles {
  /** For each kind the data that depend on all genes; names may be added. */
  static readonly GENES_DEPENDENT_DATA: NamesByKind = GENES_DEPENDENT_DATA;
  /** For each kind the data that depend on all profiles; names may be added. */
  static readonly PROFILES_DEPENDENT_DATA: NamesByKind =
    PROFILES_DEPENDENT_DATA;

  /** The metadata of the view. */
  declare readonly metadata: ProfilesViewMetadata;
  /** The open base container, which is closed with the view. */
  readonly baseProfiles: Profiles;
  readonly #profilesIndex: IndexFile | undefined;
  readonly #genesIndex: IndexFile | undefined;
  #geneMap: Int32Array | undefined;
  readonly #composed = new WeakMap<Int32Array, Int32Array>();

  /**
   * Opens a view; `Profiles.load` is how a folder is opened.
   *
   * @param metadata The metadata of the view.
   * @param baseProfiles The open base container.
   * @param options The name of the view, and whether it caches.
   * @throws {RangeError} If the sizes of its files are not those that the
   * metadata say.
   */
  constructor(
    metadata: ProfilesViewMetadata,
    baseProfiles: Profiles,
    options: OpenOptions = {},
  ) {
    const { path } = metadata;
    const genesIndex = IndexFile.find(joinPath(path, GENES_INDEX_FILE), {
      what: "gene",
      limit: baseProfiles.genes.count,
      count: metadata.genesCount,
    });
    super(metadata, subsetOf(baseProfiles.genes, genesIndex), options);
    this.baseProfiles = baseProfiles;
    this.#genesIndex = genesIndex;
    this.#profilesIndex = IndexFile.find(joinPath(path, PROFILES_INDEX_FILE), {
      what: "profile",
      limit: baseProfiles.profilesCount,
      count: metadata.profilesCount,
    });
    this.#checkCounts();
  }

  /**
   * Writes the `profiles.yaml` of a folder that may have index files:
   * `p.base_index.npy`, `genes.base_index.npy`.
   *
   * @param path The path of the folder.
   * @param baseProfiles The container that it is to be a view of.
   * @returns The metadata that were written.
   * @throws {RangeError} If an index is out of range, is there twice, or one
   * of a gene does not come after the one before.
   */
  // deno-lint-ignore require-await
  static async created(
    path: string,
    baseProfiles: Profiles,
  ): Promise<ProfilesViewMetadata> {
    const metadata = new ProfilesViewMetadata(
      joinPath(path, PROFILES_YAML),
      describeView(path, baseProfiles),
    );
    metadata.dump();
    return metadata;
  }

  /** The indices of the profiles in the base; undefined where all are taken. */
  get baseProfileIndices(): Int32Array | undefined {
    return this.#profilesIndex?.indices();
  }

  /** The indices of the genes in the base; undefined where all are taken. */
  get baseGeneIndices(): Int32Array | undefined {
    return this.#genesIndex?.indices();
  }

  /**
   * Whether the view has only some of the profiles or genes of its base.
   *
   * @returns True where it has.
   */
  isSlicing(): boolean {
    return this.isSlicingProfiles() || this.isSlicingGenes();
  }

  /**
   * Whether the view has only some of the profiles of its base.
   *
   * @returns True where it names them.
   */
  isSlicingProfiles(): boolean {
    return this.#profilesIndex !== undefined;
  }

  /**
   * Whether the view has only some of the genes of its base.
   *
   * @returns True where it names them.
   */
  isSlicingGenes(): boolean {
    return this.#genesIndex !== undefined;
  }

  /**
   * The index that a profile has in the base.
   *
   * @param profileIndex The profile, from 0.
   * @returns Its index in the base.
   * @throws {RangeError} If there is no such profile.
   */
  baseProfileIndex(profileIndex: number): number {
    const [index] = this.profilesAt([profileIndex]);
    return this.baseProfileIndices?.[index!] ?? index!;
  }

  /**
   * The index that a gene has in the base.
   *
   * @param geneIndex The gene, from 0.
   * @returns Its index in the base.
   * @throws {RangeError} If there is no such gene.
   */
  baseGeneIndex(geneIndex: number): number {
    const [index] = this.genesAt([geneIndex]);
    return this.baseGeneIndices?.[index!] ?? index!;
  }

  /**
   * The folders that hold the counts.
   *
   * @returns The path of the view, then those of its base.
   */
  override dirPaths(): string[] {
    return [this.metadata.path, ...this.baseProfiles.dirPaths()];
  }

  /**
   * The counts as spans of the matrices that the base is made of.
   *
   * @param selection Which profiles, where they go, what genes become.
   * @returns The spans.
   */
  override async leafSpans(
    selection: ProfileSelection = {},
  ): Promise<readonly LeafSpan[]> {
    const { targets, firstTarget } = selection;
    return await this.baseProfiles.leafSpans({
      profiles: toBase(selection.profiles, this.baseProfileIndices),
      targets,
      firstTarget,
      geneMap: this.#mapFromBase(selection.geneMap),
    });
  }

  /**
   * Which genes were measured in all profiles of the base.
   *
   * @returns 1 for each gene that was, else 0; undefined where all were.
   */
  override async measuredGenes(): Promise<Uint8Array | undefined> {
    const measured = await this.baseProfiles.measuredGenes();
    const indices = measured && this.baseGeneIndices;
    if (!measured || !indices) return measured;
    const own = Uint8Array.from(indices, (gene) => measured[gene]!);
    return own.includes(0) ? own : undefined;
  }

  /** Closes the base; closing twice is fine. */
  override close(): void {
    this.baseProfiles.close();
  }

  /**
   * The names of data of the base that keep their meaning here.
   *
   * @param kind The kind of the data.
   * @returns The names without the kind.
   */
  protected override async inheritedNames(
    kind: DataKind,
  ): Promise<readonly string[]> {
    const names = await this.baseProfiles.availableData(kind);
    return names.filter((name) => this.#passes(kind, name));
  }

  /**
   * Data of the base, for the profiles or genes of the view.
   *
   * @param kind `"g"` or `"p"`.
   * @param name One of the inherited names.
   * @returns The values.
   */
  protected override async inheritedArray(
    kind: ArrayKind,
    name: string,
  ): Promise<DataArray> {
    const data = await this.baseProfiles.anyArray(kind, name);
    const indices = this.#baseIndices(kind);
    return indices ? takeDataArray(data, indices) : data;
  }

  /**
   * A matrix of the base, for the profiles and genes of the view.
   *
   * @param kind The kind of the matrix.
   * @param name One of the inherited names.
   * @param axes The rows and columns that are wanted.
   * @returns The matrix.
   */
  protected override async inheritedMatrix(
    kind: MatrixKind,
    name: string,
    { rows, columns }: MatrixAxes,
  ): Promise<AnyNpyArray> {
    const genes = kind === "pp" ? undefined : rows;
    const profiles = kind === "gg" ? undefined : columns;
    return await this.baseProfiles.anyMatrix(kind, name, {
      geneIndices: kind === "pp"
        ? undefined
        : toBase(genes, this.baseGeneIndices),
      profileIndices: kind === "gg"
        ? undefined
        : toBase(profiles, this.baseProfileIndices),
    });
  }

  /**
   * Why there are no data of a name: they may be those that do not pass.
   *
   * @param kind The kind of the data.
   * @param name The name, without the kind.
   * @returns What a message says.
   */
  protected override async whyMissing(
    kind: DataKind,
    name: string,
  ): Promise<string> {
    const isOfBase = (await this.baseProfiles.availableData(kind))
      .includes(name);
    if (!isOfBase) return await super.whyMissing(kind, name);
    const all = this.#dependsOnGenes(kind, name) ? "genes" : "profiles";
    return `its base ${this.baseProfiles.metadata.path} has one, which ` +
      `depends on all ${all} of the base`;
  }

  /**
   * The name that a profile has in the base.
   *
   * @param profileIndex The profile, from 0.
   * @param baseIndex What is added to an index.
   * @returns The name.
   */
  protected override async inheritedName(
    profileIndex: number,
    baseIndex: number,
  ): Promise<string> {
    const index = this.baseProfileIndex(profileIndex);
    return await this.baseProfiles.profileName(index, { baseIndex });
  }

  /**
   * The names that the profiles have in the base.
   *
   * @param baseIndex What is added to an index.
   * @returns A name a profile.
   */
  protected override async inheritedProfileNames(
    baseIndex: number,
  ): Promise<readonly string[]> {
    const names = await this.baseProfiles.profileNames({ baseIndex });
    const indices = this.baseProfileIndices;
    return indices ? Array.from(indices, (index) => names[index]!) : names;
  }

  #baseIndices(kind: ArrayKind): Int32Array | undefined {
    return kind === "g" ? this.baseGeneIndices : this.baseProfileIndices;
  }

  #passes(kind: DataKind, name: string): boolean {
    const dependsOnProfiles = this.isSlicingProfiles() &&
      PROFILES_DEPENDENT_DATA[kind].has(name);
    return !dependsOnProfiles && !this.#dependsOnGenes(kind, name);
  }

  #dependsOnGenes(kind: DataKind, name: string): boolean {
    return this.isSlicingGenes() && GENES_DEPENDENT_DATA[kind].has(name);
  }

  /** What a gene of the base is to become; maps are made once. */
  #mapFromBase(geneMap: Int32Array | undefined): Int32Array | undefined {
    const indices = this.baseGeneIndices;
    if (indices === undefined) return geneMap;
    this.#geneMap ??= invertIndices(indices, this.baseProfiles.genes.count);
    if (geneMap === undefined) return this.#geneMap;
    const composed = this.#composed.get(geneMap) ??
      composeMaps(this.#geneMap, geneMap);
    this.#composed.set(geneMap, composed);
    return composed;
  }

  /** Without an index a view has as many as its base. */
  #checkCounts(): void {
    const { metadata, baseProfiles: base } = this;
    const counts = [
      ["genes", metadata.genesCount, base.genes.count, this.isSlicingGenes()],
      [
        "profiles",
        metadata.profilesCount,
        base.profilesCount,
        this.isSlicingProfiles(),
      ],
    ] as const;
    for (const [what, own, ofBase, isSlicing] of counts) {
      if (isSlicing || own === ofBase) continue;
      throw new RangeError(
        `Cannot open ${metadata.path}: it is a view of all ${what} of ` +
          `${base.metadata.path}, which has ${ofBase}, and it says ${own}`,
      );
    }
  }
}

function subsetOf(genes: Genes, index: IndexFile | undefined): Genes {
  if (index === undefined) return genes;
  const load = () => index.indices();
  return new GenesSubset(genes, { count: index.count, load });
}

/** Indices of the view as those of its base; all of a base that is not cut. */
function toBase(
  wanted: Int32Array | undefined,
  indices: Int32Array | undefined,
): Int32Array | undefined {
  if (wanted === undefined || indices === undefined) return wanted ?? indices;
  return wanted.map((index) => indices[index]!);
}
