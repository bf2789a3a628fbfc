import { makeColumns, takeMatrix } from "../arrays/dense.ts";
import type { DType } from "../arrays/dtypes.ts";
import type { AnyNpyArray } from "../arrays/npy.ts";
import type { CountsArray } from "../compute/cpu/kernels.ts";
import { type GeneEntries, geneEntries } from "../compute/gene_entries.ts";
import type { LeafSpan, ProfileSelection } from "../compute/leaf_spans.ts";
import {
  type ComputeOptions,
  countEntriesOf,
  decodeCounts,
  geneTotals,
  profileTotals,
} from "../compute/totals.ts";
import type { Genes } from "../genes/genes.ts";
import { pathKind } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { thereAre } from "../io/plural.ts";
import type { ProfileEntries } from "../matrix/pairs.ts";
import type { ArrayKind } from "./array_names.ts";
import { ComputedCache } from "./computed_cache.ts";
import { type MatrixOptions, ProfilesData } from "./profiles_data.ts";
import type { ProfilesMetadata } from "./profiles_metadata.ts";
import { invertIndices, type SpanSource } from "./selection.ts";

/** A container that is being opened. */
export interface OpeningContainer {
  /** Its absolute path. */
  readonly path: string;
  /** Its identifier. */
  readonly uuid: string;
}

/** How a container is opened. */
export interface OpenOptions {
  /** The name of the container, which stands before those of its profiles. */
  readonly name?: string;
  /** Whether computed data are cached on disk; they are by default. */
  readonly cache?: boolean;
  /**
   * What computes the totals that are read as data, and the counts of entries
   * and totals where a call does not say.
   */
  readonly compute?: ComputeOptions | undefined;
  /** The containers that are opened around it, so that circles are found. */
  readonly openedFrom?: readonly OpeningContainer[];
}

/** How a container is loaded from its folder. */
export interface LoadOptions extends OpenOptions {
  /** The kind that its profiles must be of, as `cells`. */
  readonly profilesKind?: string;
}

/** How names of profiles are made. */
export interface ProfileNameOptions {
  /** What is added to the index of a profile that has no other name. */
  readonly baseIndex?: number;
}

/** How totals are computed. */
export type TotalsOptions = ComputeOptions;

/**
 * A container of profiles: cells, or groups of cells, each with a count for
 * each gene, and with data about profiles (`p`) and genes (`g`).
 *
 * Nothing is read before it is asked for. Handles are disposable.
 *
 * @example Open a container and look into it
 * ```ts
 * import { importBatch, Profiles } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const table = "gene,AAAC-1,AAAG-1\nActb,5,0\nCd3d,2,300\nLyz2,0,1\n";
 * await Deno.writeTextFile(`${folder}/table.csv`, table);
 * await importBatch(`${folder}/table.csv`, `${folder}/cells`, {
 *   genesIn: "rows",
 * });
 *
 * using cells = await Profiles.load(`${folder}/cells`);
 * assertEquals(await cells.profileNames(), ["AAAC-1", "AAAG-1"]);
 * assertEquals([...await cells.totalUmis("p")], [7, 301]);
 *
 * // The counts of one cell, and of one gene.
 * const { genes, counts } = await cells.profileEntries(0);
 * assertEquals([[...genes], [...counts]], [[0, 1], [5, 2]]);
 * const gene = (await cells.genes.lookup()).find("cd3d")!;
 * const { profiles } = await cells.geneEntries(gene);
 * assertEquals([...profiles], [0, 1]);
 *
 * // Data about cells, which stay with them.
 * await cells.write("p", "stage", ["early", "late"]);
 * assertEquals(await cells.array("p", "stage", "string"), ["early", "late"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export abstract class Profiles extends ProfilesData
  implements Disposable, SpanSource {
  /**
   * Loads a container from its folder, as the class that its metadata call
   * for.
   *
   * @param path The path of the folder.
   * @param genes The full genes set of its profiles; by default it is found
   * where the metadata say, or as `genes` inside, beside or up the tree.
   * @param options Its name, whether it caches, the kind it must be of.
   * @returns The container.
   * @throws {Error} If the folder is no container, its genes are missing or
   * others, its profiles are of another kind, or a container that it is made
   * of is missing or changed.
   */
  static load: (
    path: string,
    genes?: Genes,
    options?: LoadOptions,
  ) => Promise<Profiles>;

  /** The name of the container, empty where it has none. */
  readonly name: string;
  /** Whether computed data are cached on disk. */
  protected readonly isCaching: boolean;
  readonly #compute: ComputeOptions;

  /**
   * Opens a container; `Profiles.load` is how a folder is opened.
   *
   * @param metadata The metadata of the container.
   * @param genes The genes of its profiles.
   * @param options The name of the container, and whether it caches.
   */
  constructor(
    metadata: ProfilesMetadata,
    genes: Genes,
    options: OpenOptions = {},
  ) {
    super(metadata, genes);
    this.name = options.name ?? "";
    this.isCaching = options.cache ?? true;
    this.#compute = options.compute ?? {};
  }

  /**
   * The folders that hold the counts.
   *
   * @returns One path for a batch; for a view its own and those of its base.
   */
  abstract dirPaths(): string[];

  /**
   * The counts as spans of stored matrices, which is what engines work on:
   * nothing is copied, however the container is made of others.
   *
   * @param selection Which profiles, where they go, what genes become.
   * @returns The spans.
   */
  abstract leafSpans(
    selection?: ProfileSelection,
  ): Promise<readonly LeafSpan[]>;

  /**
   * Which genes were measured in all of the profiles. A gene that was not
   * measured has no counts, which is not the same as counts of zero.
   *
   * @returns 1 for each gene that was, else 0; undefined where all were.
   */
  abstract measuredGenes(): Promise<Uint8Array | undefined>;

  /** Releases what the container holds open; closing twice is fine. */
  abstract close(): void;

  /** Closes the container at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * The counts of one profile.
   *
   * @param profileIndex The profile, from 0.
   * @returns The genes with a count, ascending, and their counts.
   * @throws {RangeError} If there is no such profile.
   */
  async profileEntries(profileIndex: number): Promise<ProfileEntries> {
    const profiles = this.profilesAt([profileIndex]);
    const [span] = await this.leafSpans({ profiles });
    const { matrix, geneMap } = span!;
    const entries = await matrix.readProfile(span!.profiles![0]!);
    return geneMap ? mapEntries(entries, geneMap) : entries;
  }

  /**
   * The counts of one gene.
   *
   * @param geneIndex The gene, from 0.
   * @param options Told of the progress, as it takes a pass over all.
   * @returns The profiles with a count, ascending, and their counts.
   * @throws {RangeError} If there is no such gene.
   */
  async geneEntries(
    geneIndex: number,
    options: TotalsOptions = {},
  ): Promise<GeneEntries> {
    this.genesAt([geneIndex]);
    const spans = await this.leafSpans();
    return await geneEntries(spans, geneIndex, this.profilesCount, options);
  }

  /**
   * Adds data of one profile, a value a gene, to an array.
   *
   * @param name The name of the data; `umis` are the counts.
   * @param profileIndex The profile, from 0.
   * @param profileArray The array, a value a gene.
   * @returns The array.
   * @throws {RangeError} If there is no such profile, or the array has not the
   * length of the genes.
   * @throws {Error} If there are no data of the name.
   */
  async addIntoGpArray(
    name: string,
    profileIndex: number,
    profileArray: Float32Array,
  ): Promise<Float32Array> {
    if (profileArray.length !== this.genes.count) {
      throw new RangeError(
        `Cannot add a profile of ${this.metadata.path} to an array of ` +
          `${profileArray.length}: ${thereAre(this.genes.count, "gene")}`,
      );
    }
    if (name === "umis") {
      const { genes, counts } = await this.profileEntries(profileIndex);
      genes.forEach((gene, at) => profileArray[gene]! += counts[at]!);
      return profileArray;
    }
    const profileIndices = [profileIndex];
    const { data } = await this.anyMatrix("gp", name, { profileIndices });
    data.forEach((value, at) => profileArray[at]! += Number(value));
    return profileArray;
  }

  /**
   * Sums the counts of each profile, or of each gene. Totals over all profiles
   * are cached on disk.
   *
   * @param kind `"p"` for a total a profile, `"g"` for a total a gene.
   * @param profileIndices The profiles to sum, by default all; a total a
   * profile comes in their order.
   * @param options Told of the progress.
   * @returns The totals: exact integers.
   * @throws {RangeError} If there is no profile of an index.
   */
  async totalUmis(
    kind: ArrayKind,
    profileIndices?: ArrayLike<number>,
    options: TotalsOptions = {},
  ): Promise<Float64Array> {
    const profiles = profileIndices && this.profilesAt(profileIndices);
    const count = profiles?.length ?? this.profilesCount;
    const sum = async () => {
      const spans = await this.leafSpans({ profiles });
      const all = { ...this.#compute, ...options };
      return kind === "p"
        ? await profileTotals(spans, count, all)
        : await geneTotals(spans, this.genes.count, all);
    };
    if (profiles) return await sum();
    const length = kind === "p" ? count : this.genes.count;
    return await this.#cached(`${kind}.total_umis`, length, sum);
  }

  /**
   * Counts the entries, where the metadata do not say; the count is cached on
   * disk.
   *
   * @param options What computes, who is told of the progress, what stops it.
   * @returns The number of counts that are not zero.
   */
  async entriesCount(options: ComputeOptions = {}): Promise<number> {
    const { entriesCount } = this.metadata;
    if (entriesCount !== undefined) return entriesCount;
    const [count] = await this.#cached(
      "entries_count",
      1,
      async () => {
        const spans = await this.leafSpans();
        const all = { ...this.#compute, ...options };
        return Float64Array.of(await countEntriesOf(spans, all));
      },
    );
    return count!;
  }

  /**
   * The indices of all profiles.
   *
   * @returns 0, 1, 2, …
   */
  profileIndices(): Int32Array {
    return Int32Array.from({ length: this.profilesCount }, (_, at) => at);
  }

  /**
   * The name of a profile: its barcode, else its `p.name.txt`, else its index,
   * after the name of the container where it has one.
   *
   * @param profileIndex The profile, from 0.
   * @param options What is added to an index.
   * @returns The name, as `batch:barcode`.
   * @throws {RangeError} If there is no such profile.
   */
  async profileName(
    profileIndex: number,
    options: ProfileNameOptions = {},
  ): Promise<string> {
    this.profilesAt([profileIndex]);
    const own = await this.#ownNames();
    return this.#prefix() + (own?.[profileIndex] ??
      await this.inheritedName(profileIndex, options.baseIndex ?? 0));
  }

  /**
   * The names of all profiles.
   *
   * @param options What is added to an index.
   * @returns A name a profile.
   */
  async profileNames(
    options: ProfileNameOptions = {},
  ): Promise<readonly string[]> {
    const names = await this.#ownNames() ??
      await this.inheritedProfileNames(options.baseIndex ?? 0);
    const prefix = this.#prefix();
    return prefix === "" ? names : names.map((name) => prefix + name);
  }

  /**
   * The name of a profile where the container itself has none.
   *
   * @param profileIndex The profile, from 0.
   * @param baseIndex What is added to an index.
   * @returns The name.
   */
  // deno-lint-ignore require-await
  protected async inheritedName(
    profileIndex: number,
    baseIndex: number,
  ): Promise<string> {
    return `${baseIndex + profileIndex}`;
  }

  /**
   * The names of all profiles where the container itself has none.
   *
   * @param baseIndex What is added to an index.
   * @returns A name a profile.
   */
  // deno-lint-ignore require-await
  protected async inheritedProfileNames(
    baseIndex: number,
  ): Promise<readonly string[]> {
    const { profilesCount: length } = this;
    return Array.from({ length }, (_, at) => `${baseIndex + at}`);
  }

  /**
   * Computes the totals that pose as data.
   *
   * @param kind `"g"` or `"p"`.
   * @returns The totals.
   */
  protected override async computed(kind: ArrayKind): Promise<Float64Array> {
    return await this.totalUmis(kind);
  }

  /**
   * Decodes the counts.
   *
   * @param dtype `"uint32"`, `"float32"` or `"float64"`.
   * @param options The profiles and genes, which are checked.
   * @returns The matrix, its columns contiguous.
   */
  protected override async counts(
    dtype: DType,
    options: MatrixOptions,
  ): Promise<AnyNpyArray> {
    const { geneIndices } = options;
    const profiles = options.profileIndices &&
      Int32Array.from(options.profileIndices);
    // A map sends a gene to one place: repeats are made afterwards.
    const unique = geneIndices && [...new Set(Array.from(geneIndices))];
    const geneMap = unique && invertIndices(unique, this.genes.count);
    const genesCount = unique?.length ?? this.genes.count;
    const columnsCount = profiles?.length ?? this.profilesCount;
    const matrix = makeColumns(dtype, genesCount, columnsCount);
    const spans = await this.leafSpans({ profiles, geneMap });
    const columns = matrix.data as CountsArray;
    await decodeCounts(spans, columns, genesCount, options);
    if (geneIndices === undefined || genesCount === geneIndices.length) {
      return matrix;
    }
    const places = Array.from(geneIndices, (gene) => geneMap![gene]!);
    return takeMatrix(matrix, places);
  }

  /** The names that the folder of the container itself has. */
  async #ownNames(): Promise<readonly string[] | undefined> {
    const stored = this.storedNames("p");
    const name = ["barcode", "name"].find((name) => stored.includes(name));
    return name === undefined
      ? undefined
      : await this.array("p", name, "string");
  }

  #prefix(): string {
    return this.name === "" ? "" : `${this.name}:`;
  }

  async #cached(
    name: string,
    length: number,
    compute: () => Promise<Float64Array>,
  ): Promise<Float64Array> {
    const { path, uuid } = this.metadata;
    const cache = new ComputedCache(path, uuid);
    const cached = this.isCaching ? cache.read(name, length) : undefined;
    if (cached) return cached;
    const values = await compute();
    if (this.isCaching) cache.write(name, values);
    return values;
  }
}

/** Genes keep their order through a map, since views keep it. */
function mapEntries(
  { genes, counts }: ProfileEntries,
  geneMap: Int32Array,
): ProfileEntries {
  const kept = genes.map((gene) => geneMap[gene]! >= 0 ? 1 : 0);
  return {
    genes: genes.filter((_, at) => kept[at]).map((gene) => geneMap[gene]!),
    counts: counts.filter((_, at) => kept[at]),
  };
}

/**
 * Whether a folder is a container of profiles, by the file that makes it one.
 *
 * @param path The path of the folder.
 * @returns True where it has a `profiles.yaml`.
 */
export function isProfilesFolder(path: string): boolean {
  return pathKind(joinPath(path, "profiles.yaml")) === "file";
}
