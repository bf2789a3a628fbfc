import { type DataArray, dataArrayLength } from "../arrays/data_array.ts";
import {
  listDataArrays,
  readDataArray,
  writeDataArray,
} from "../arrays/data_array_files.ts";
import { decodeName, encodeName } from "../arrays/names.ts";
import type { NpyContent } from "../arrays/npy.ts";
import { type DataValues, toDataArray } from "../arrays/to_data_array.ts";
import type { Genes } from "../genes/genes.ts";
import { joinPath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import {
  type ArrayKind,
  computedNames,
  type DataKind,
  isComputed,
  isStructure,
  type MatrixKind,
} from "./array_names.ts";
import { listMatrices, type MatrixShape, writeMatrix } from "./matrix_files.ts";
import { ProfilesMetadata } from "./profiles_metadata.ts";

/**
 * The data that a container keeps in its own folder, and the names of those
 * that it inherits.
 */
export abstract class ProfilesStore {
  /** The metadata of the container. */
  readonly metadata: ProfilesMetadata;
  /** The genes that each profile has a count for. */
  readonly genes: Genes;

  /**
   * Takes what all data of a container go by.
   *
   * @param metadata The metadata of the container.
   * @param genes The genes of its profiles.
   */
  constructor(metadata: ProfilesMetadata, genes: Genes) {
    this.metadata = metadata;
    this.genes = genes;
  }

  /** The number of profiles. */
  get profilesCount(): number {
    return this.metadata.profilesCount;
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
   * What data there are of a kind.
   *
   * @param kind `"g"`, `"p"`, `"gp"`, `"gg"` or `"pp"`.
   * @returns The names without the kind, sorted; computed ones are among them.
   */
  async availableData(kind: DataKind): Promise<string[]> {
    const names = new Set([
      ...this.storedNames(kind),
      ...computedNames(kind),
      ...await this.inheritedNames(kind),
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
   * Whether there are data of a value for each two genes, two profiles, or
   * gene and profile.
   *
   * @param kind `"gp"`, `"gg"` or `"pp"`.
   * @param name The name, without the kind.
   * @returns True where there are; `gp.umis`, the counts, always are.
   */
  async hasMatrix(kind: MatrixKind, name: string): Promise<boolean> {
    return (await this.availableData(kind)).includes(name);
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
   * another only by case, or the container is another one by now.
   */
  async write(
    kind: ArrayKind,
    name: string,
    values: DataArray | DataValues,
  ): Promise<void>;
  /**
   * Writes a matrix into the folder; an old one of the name is replaced.
   *
   * @param kind `"gp"`, `"gg"` or `"pp"`.
   * @param name The name, without the kind.
   * @param matrix The matrix, with its shape.
   * @throws {RangeError} If its shape is not that of the kind.
   * @throws {Error} If the name is that of the counts, or differs from another
   * only by case, or the container is another one by now.
   */
  async write(
    kind: MatrixKind,
    name: string,
    matrix: NpyContent,
  ): Promise<void>;
  // deno-lint-ignore require-await
  async write(
    kind: DataKind,
    name: string,
    values: DataArray | DataValues | NpyContent,
  ): Promise<void> {
    this.#checkName(kind, name);
    this.#checkUnchanged(`${kind}.${name}`);
    if (kind === "g" || kind === "p") {
      this.#writeArray(kind, name, toDataArray(values as DataValues));
      return;
    }
    const { path } = this.metadata;
    const content = values as NpyContent;
    writeMatrix(path, `${kind}.${name}`, content, this.shapeOf(kind));
  }

  /**
   * The names of data that come from elsewhere: of genes those of the genes
   * set, unless a class has more to give.
   *
   * @param kind The kind of the data.
   * @returns The names without the kind.
   */
  protected async inheritedNames(kind: DataKind): Promise<readonly string[]> {
    return kind === "g" ? await this.genes.availableData() : [];
  }

  /**
   * The names of data that are files of the folder.
   *
   * @param kind The kind of the data.
   * @returns The names without the kind, sorted.
   */
  protected storedNames(kind: DataKind): string[] {
    const { path } = this.metadata;
    if (kind !== "g" && kind !== "p") return listMatrices(path, kind);
    return listDataArrays(path)
      .filter(({ stem }) => stem.startsWith(`${kind}.`))
      .map(({ stem }) => decodeName(stem.slice(kind.length + 1)))
      .filter((name) => !isStructure(kind, name) && !isComputed(kind, name));
  }

  /**
   * Checks indices of profiles.
   *
   * @param indices The indices.
   * @returns A copy of them.
   * @throws {RangeError} If there is no profile of an index.
   */
  protected profilesAt(indices: ArrayLike<number>): Int32Array {
    return this.#checked("profile", indices, this.profilesCount);
  }

  /**
   * Checks indices of genes.
   *
   * @param indices The indices.
   * @returns A copy of them.
   * @throws {RangeError} If there is no gene of an index.
   */
  protected genesAt(indices: ArrayLike<number>): Int32Array {
    return this.#checked("gene", indices, this.genes.count);
  }

  #checked(
    what: string,
    indices: ArrayLike<number>,
    count: number,
  ): Int32Array {
    const checked = new Int32Array(indices.length);
    for (let at = 0; at < checked.length; at++) {
      const index = indices[at]!;
      if (!(Number.isInteger(index) && index >= 0 && index < count)) {
        throw new RangeError(
          `Cannot find ${what} ${index} of ${this.metadata.path}: ` +
            `it has ${count}`,
        );
      }
      checked[at] = index;
    }
    return checked;
  }

  /**
   * The shape that matrices of a kind have.
   *
   * @param kind The kind of the matrices.
   * @returns The number of rows and of columns.
   */
  protected shapeOf(kind: MatrixKind): MatrixShape {
    const genes = this.genes.count;
    const profiles = this.profilesCount;
    return [
      kind[0] === "g" ? genes : profiles,
      kind === "gg" ? genes : profiles,
    ];
  }

  /**
   * Reads data of a file of the folder.
   *
   * @param kind `"g"` or `"p"`.
   * @param name One of the stored names.
   * @returns The values.
   * @throws {RangeError} If there are not as many as genes or profiles.
   */
  protected readStored(kind: ArrayKind, name: string): DataArray {
    const ordered = this.metadata.ordered.includes(`${kind}.${name}`);
    const stem = `${kind}.${encodeName(name)}`;
    const data = readDataArray(this.metadata.path, stem, { ordered });
    this.#checkLength(kind, name, data);
    return data;
  }

  #writeArray(kind: ArrayKind, name: string, data: DataArray): void {
    this.#checkLength(kind, name, data);
    const key = `${kind}.${name}`;
    writeDataArray(this.metadata.path, `${kind}.${encodeName(name)}`, data);
    this.#writeOrdered(key, data.kind === "categorical" && data.ordered);
  }

  /** Other handles may have written the file since: their keys are kept. */
  #writeOrdered(key: string, isOrdered: boolean): void {
    const { metadata } = this;
    const now = ProfilesMetadata.load(metadata.yamlPath);
    const isKnown = [now, metadata].every((each) =>
      each.ordered.includes(key) === isOrdered
    );
    if (isKnown) return;
    const others = now.ordered.filter((other) => other !== key);
    const ordered = isOrdered ? [...others, key] : others;
    const gone = Object.keys(metadata.asDictionary())
      .map((name) => [name, undefined]);
    metadata.dump(undefined, {
      ...Object.fromEntries(gone),
      ...now.asDictionary(),
      ordered: ordered.length > 0 ? ordered : undefined,
    });
  }

  #checkUnchanged(key: string): void {
    const { path, yamlPath, uuid } = this.metadata;
    const { uuid: now } = ProfilesMetadata.load(yamlPath);
    if (now === uuid) return;
    throw new Error(
      `Cannot write ${key} of ${path}: it changed since it was opened: its ` +
        `uuid was ${uuid} and is ${now}`,
    );
  }

  #checkLength(kind: ArrayKind, name: string, data: DataArray): void {
    const length = dataArrayLength(data);
    const expected = kind === "g" ? this.genes.count : this.profilesCount;
    if (length === expected) return;
    const what = kind === "g" ? "genes" : "profiles";
    throw new RangeError(
      `Cannot use ${kind}.${name} of ${this.metadata.path}: it has ` +
        `${countOf(length, "value")}, and there are ${expected} ${what}`,
    );
  }

  #checkName(kind: DataKind, name: string): void {
    const place = `${kind}.${name} of ${this.metadata.path}`;
    if (name === "") throw new TypeError(`Cannot write ${place}: no name`);
    if (isComputed(kind, name)) {
      throw new Error(`Cannot write ${place}: it is computed from the counts`);
    }
    if (isStructure(kind, name)) {
      throw new Error(`Cannot write ${place}: the container is made of it`);
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
