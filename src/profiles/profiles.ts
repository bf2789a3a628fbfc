import { type DataArray, dataArrayLength } from "../arrays/data_array.ts";
import {
  listDataArrays,
  readDataArray,
  writeDataArray,
} from "../arrays/data_array_files.ts";
import { decodeName, encodeName } from "../arrays/names.ts";
import { type DataValues, toDataArray } from "../arrays/to_data_array.ts";
import {
  typedValues,
  type ValuesOf,
  type ValueType,
} from "../arrays/typed_values.ts";
import type { AdvanceFunction } from "../compute/totals.ts";
import type { Genes } from "../genes/genes.ts";
import { pathKind } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { type ArrayKind, computedNames, isComputed } from "./array_names.ts";
import type { ProfilesMetadata } from "./profiles_metadata.ts";

/** How a container is opened. */
export interface OpenOptions {
  /** The name of the container, which stands before those of its profiles. */
  readonly name?: string;
  /** Whether computed data are cached on disk; they are by default. */
  readonly cache?: boolean;
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
export interface TotalsOptions {
  /** Told of the profiles that were summed since the last call. */
  readonly advance?: AdvanceFunction;
}

/**
 * A container of profiles: cells, or groups of cells, each with a count for
 * each gene, and with data about profiles (`p`) and genes (`g`).
 *
 * Nothing is read before it is asked for. Handles are disposable.
 */
export abstract class Profiles implements Disposable {
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
   * others, or its profiles are of another kind.
   */
  static load: (
    path: string,
    genes?: Genes,
    options?: LoadOptions,
  ) => Promise<Profiles>;

  /** The metadata of the container. */
  readonly metadata: ProfilesMetadata;
  /** The genes that each profile has a count for. */
  readonly genes: Genes;
  /** The name of the container, empty where it has none. */
  readonly name: string;
  /** Whether computed data are cached on disk. */
  protected readonly isCaching: boolean;

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
    this.metadata = metadata;
    this.genes = genes;
    this.name = options.name ?? "";
    this.isCaching = options.cache ?? true;
  }

  /** The number of profiles. */
  get profilesCount(): number {
    return this.metadata.profilesCount;
  }

  /**
   * The folders that hold the counts.
   *
   * @returns One path for a batch; for a view its own and those of its base.
   */
  abstract dirPaths(): string[];

  /**
   * The counts of one profile.
   *
   * @param profileIndex The profile, from 0.
   * @returns The genes with a count, ascending, and their counts.
   * @throws {RangeError} If there is no such profile.
   */
  abstract profileEntries(
    profileIndex: number,
  ): Promise<{ readonly genes: Uint32Array; readonly counts: Uint32Array }>;

  /**
   * The counts of one gene.
   *
   * @param geneIndex The gene, from 0.
   * @param options Told of the progress, as it takes a pass over all.
   * @returns The profiles with a count, ascending, and their counts.
   * @throws {RangeError} If there is no such gene.
   */
  abstract geneEntries(
    geneIndex: number,
    options?: TotalsOptions,
  ): Promise<{ readonly profiles: Uint32Array; readonly counts: Uint32Array }>;

  /**
   * Adds data of one profile, a value a gene, to an array.
   *
   * @param name The name of the data; `umis` are the counts.
   * @param profileIndex The profile, from 0.
   * @param profileArray The array, a value a gene.
   * @returns The array.
   */
  abstract addIntoGpArray(
    name: string,
    profileIndex: number,
    profileArray: Float32Array,
  ): Promise<Float32Array>;

  /**
   * Sums the counts of each profile, or of each gene. Totals over all profiles
   * are cached on disk.
   *
   * @param kind `"p"` for a total a profile, `"g"` for a total a gene.
   * @param profileIndices The profiles to sum, by default all; a total a
   * profile comes in their order.
   * @param options Told of the progress.
   * @returns The totals: exact integers.
   */
  abstract totalUmis(
    kind: ArrayKind,
    profileIndices?: ArrayLike<number>,
    options?: TotalsOptions,
  ): Promise<Float64Array>;

  /**
   * Counts the entries.
   *
   * @returns The number of counts that are not zero.
   */
  abstract entriesCount(): Promise<number>;

  /** Releases what the container holds open; closing twice is fine. */
  abstract close(): void;

  /** Closes the container at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * The path of a file of the container.
   *
   * @param name The name of the file.
   * @returns The path in the folder.
   */
  dataPath(name: string): string {
    return joinPath(this.metadata.path, name);
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
   * What data there are of a value a gene or a profile.
   *
   * @param kind `"g"` or `"p"`.
   * @returns The names without the kind, sorted; computed ones are among them.
   */
  async availableData(kind: ArrayKind): Promise<string[]> {
    const ofGenes = kind === "g" ? await this.genes.availableData() : [];
    const names = new Set([
      ...this.storedNames(kind),
      ...computedNames(kind),
      ...ofGenes,
    ]);
    return [...names].sort();
  }

  /**
   * Whether there are data of a value a gene or a profile.
   *
   * @param kind `"g"` or `"p"`.
   * @param name The name, without the kind.
   * @returns True where there are, or they can be computed.
   */
  async hasArray(kind: ArrayKind, name: string): Promise<boolean> {
    return (await this.availableData(kind)).includes(name);
  }

  /**
   * Data of any type, a value a gene or a profile.
   *
   * @param kind `"g"` or `"p"`.
   * @param name The name, without the kind.
   * @returns The values with their type.
   * @throws {Error} If there are none of the name.
   */
  async anyArray(kind: ArrayKind, name: string): Promise<DataArray> {
    if (isComputed(kind, name)) {
      return toDataArray(await this.totalUmis(kind));
    }
    if (this.storedNames(kind).includes(name)) return this.#read(kind, name);
    if (kind === "g") return await this.genes.anyArray(name);
    throw new Error(
      `Cannot read p.${name} of ${this.metadata.path}: there is none; ` +
        `there are ${(await this.availableData(kind)).join(", ")}`,
    );
  }

  /**
   * Data of a given type, a value a gene or a profile.
   *
   * @param kind `"g"` or `"p"`.
   * @param name The name, without the kind.
   * @param type The type they must have; nothing is converted.
   * @returns A typed array, texts, or a categorical.
   * @throws {TypeError} If they are of another type, or values are missing.
   */
  async array<T extends ValueType>(
    kind: ArrayKind,
    name: string,
    type: T,
  ): Promise<ValuesOf<T>> {
    const data = await this.anyArray(kind, name);
    return typedValues(data, type, `${kind}.${name} of ${this.metadata.path}`);
  }

  /**
   * Writes data of a value a gene or a profile into the folder; old data of
   * the name are replaced.
   *
   * @param kind `"g"` or `"p"`.
   * @param name The name, without the kind.
   * @param values The values.
   * @throws {RangeError} If there are not as many as genes or profiles.
   * @throws {Error} If the name is that of computed data, or differs from
   * another only by case.
   */
  // deno-lint-ignore require-await
  async write(
    kind: ArrayKind,
    name: string,
    values: DataArray | DataValues,
  ): Promise<void> {
    const data = toDataArray(values);
    this.#checkName(kind, name);
    this.#checkLength(kind, name, data);
    const key = `${kind}.${name}`;
    writeDataArray(this.metadata.path, `${kind}.${encodeName(name)}`, data);
    const isOrdered = data.kind === "categorical" && data.ordered;
    const ordered = this.metadata.ordered.filter((other) => other !== key);
    if (isOrdered) ordered.push(key);
    if (ordered.length === this.metadata.ordered.length && !isOrdered) return;
    this.metadata.dump(undefined, {
      ordered: ordered.length > 0 ? ordered : undefined,
    });
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
    this.checkProfile(profileIndex);
    return (await this.profileNames(options))[profileIndex]!;
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
    const prefix = this.name === "" ? "" : `${this.name}:`;
    for (const name of ["barcode", "name"]) {
      if (!this.storedNames("p").includes(name)) continue;
      const names = await this.array("p", name, "string");
      return prefix ? names.map((each) => prefix + each) : names;
    }
    const { baseIndex = 0 } = options;
    const { profilesCount: length } = this;
    return Array.from({ length }, (_, at) => `${prefix}${baseIndex + at}`);
  }

  /**
   * The names of data that are files of the folder.
   *
   * @param kind `"g"` or `"p"`.
   * @returns The names without the kind, sorted.
   */
  protected storedNames(kind: ArrayKind): string[] {
    return listDataArrays(this.metadata.path)
      .filter(({ stem }) => stem.startsWith(`${kind}.`))
      .map(({ stem }) => decodeName(stem.slice(kind.length + 1)));
  }

  /**
   * Checks the index of a profile.
   *
   * @param profileIndex The index.
   * @throws {RangeError} If there is no such profile.
   */
  protected checkProfile(profileIndex: number): void {
    const isValid = Number.isInteger(profileIndex) && profileIndex >= 0 &&
      profileIndex < this.profilesCount;
    if (isValid) return;
    throw new RangeError(
      `Cannot find profile ${profileIndex} of ${this.metadata.path}: ` +
        `it has ${this.profilesCount}`,
    );
  }

  #read(kind: ArrayKind, name: string): DataArray {
    const ordered = this.metadata.ordered.includes(`${kind}.${name}`);
    const stem = `${kind}.${encodeName(name)}`;
    const data = readDataArray(this.metadata.path, stem, { ordered });
    this.#checkLength(kind, name, data);
    return data;
  }

  #checkLength(kind: ArrayKind, name: string, data: DataArray): void {
    const length = dataArrayLength(data);
    const expected = kind === "g" ? this.genes.count : this.profilesCount;
    if (length === expected) return;
    const what = kind === "g" ? "genes" : "profiles";
    throw new RangeError(
      `Cannot use ${kind}.${name} of ${this.metadata.path}: it has ` +
        `${length} values, and there are ${expected} ${what}`,
    );
  }

  #checkName(kind: ArrayKind, name: string): void {
    const place = `${kind}.${name} of ${this.metadata.path}`;
    if (name === "") throw new TypeError(`Cannot write ${place}: no name`);
    if (isComputed(kind, name)) {
      throw new Error(`Cannot write ${place}: it is computed from the counts`);
    }
    const twin = this.storedNames(kind).find((other) =>
      other !== name && other.toLowerCase() === name.toLowerCase()
    );
    if (twin === undefined) return;
    throw new Error(
      `Cannot write ${place}: ${kind}.${twin} differs from it only by case`,
    );
  }
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
