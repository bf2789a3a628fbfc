import { type DataArray, dataArrayLength } from "../arrays/data_array.ts";
import {
  listDataArrays,
  readDataArray,
  writeDataArray,
} from "../arrays/data_array_files.ts";
import { takeMatrix } from "../arrays/dense.ts";
import type { DType } from "../arrays/dtypes.ts";
import { decodeName, encodeName } from "../arrays/names.ts";
import type { AnyNpyArray, NpyArray, NpyContent } from "../arrays/npy.ts";
import { type DataValues, toDataArray } from "../arrays/to_data_array.ts";
import {
  typedValues,
  type ValuesOf,
  type ValueType,
} from "../arrays/typed_values.ts";
import type { ComputeOptions } from "../compute/totals.ts";
import type { Genes } from "../genes/genes.ts";
import { joinPath } from "../io/paths.ts";
import {
  type ArrayKind,
  computedNames,
  type DataKind,
  isComputed,
  isStructure,
  type MatrixKind,
} from "./array_names.ts";
import { Frame, type FrameLabels, type Series } from "./frame.ts";
import {
  listMatrices,
  type MatrixShape,
  readMatrix,
  writeMatrix,
} from "./matrix_files.ts";
import type { ProfilesMetadata } from "./profiles_metadata.ts";

/** Which part of a matrix is read. */
export interface MatrixOptions extends ComputeOptions {
  /** The profiles, in any order, repeats may be; by default all. */
  readonly profileIndices?: ArrayLike<number> | undefined;
  /** The genes, in any order, repeats may be; by default all. */
  readonly geneIndices?: ArrayLike<number> | undefined;
}

/** The rows and columns of a matrix that are wanted, all where undefined. */
export interface MatrixAxes {
  /** The rows. */
  readonly rows: Int32Array | undefined;
  /** The columns. */
  readonly columns: Int32Array | undefined;
}

/**
 * The data of a container, however it comes by them: its own files come first,
 * then what it inherits from containers that it is made of, and its genes.
 */
export abstract class ProfilesData {
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
   * Data of any type, a value a gene or a profile.
   *
   * @param kind `"g"` or `"p"`.
   * @param name The name, without the kind.
   * @returns The values with their type.
   * @throws {Error} If there are none of the name.
   */
  async anyArray(kind: ArrayKind, name: string): Promise<DataArray> {
    if (isComputed(kind, name)) return toDataArray(await this.computed(kind));
    if (this.storedNames(kind).includes(name)) return this.#read(kind, name);
    await this.#checkInherited(kind, name);
    return await this.inheritedArray(kind, name);
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
   * Data of any type with the genes or profiles that they are of.
   *
   * @param kind `"g"` or `"p"`.
   * @param name The name, without the kind.
   * @returns The values, and the names of genes or the indices of profiles.
   */
  async anySeries(kind: ArrayKind, name: string): Promise<Series<DataArray>> {
    const values = await this.anyArray(kind, name);
    return { index: await this.#labels(kind), values };
  }

  /**
   * Data of a given type with the genes or profiles that they are of.
   *
   * @param kind `"g"` or `"p"`.
   * @param name The name, without the kind.
   * @param type The type they must have; nothing is converted.
   * @returns The values, and the names of genes or the indices of profiles.
   */
  async series<T extends ValueType>(
    kind: ArrayKind,
    name: string,
    type: T,
  ): Promise<Series<ValuesOf<T>>> {
    const values = await this.array(kind, name, type);
    return { index: await this.#labels(kind), values };
  }

  /**
   * Data of any type: a matrix of genes by profiles (`gp`), genes by genes
   * (`gg`) or profiles by profiles (`pp`).
   *
   * @param kind `"gp"`, `"gg"` or `"pp"`.
   * @param name The name, without the kind; `umis` of `gp` are the counts, in
   * single precision.
   * @param options The profiles and genes, by default all.
   * @returns The matrix; its columns may be contiguous (`fortranOrder`).
   * @throws {Error} If there is none of the name.
   * @throws {RangeError} If there is no profile or gene of an index.
   */
  async anyMatrix(
    kind: MatrixKind,
    name: string,
    options: MatrixOptions = {},
  ): Promise<AnyNpyArray> {
    const axes = this.#axes(kind, options);
    if (isComputed(kind, name)) return await this.counts("float32", options);
    if (!this.storedNames(kind).includes(name)) {
      await this.#checkInherited(kind, name);
      return await this.inheritedMatrix(kind, name, axes);
    }
    const { path } = this.metadata;
    const matrix = readMatrix(path, `${kind}.${name}`, this.#shape(kind));
    return takeMatrix(matrix, axes.rows, axes.columns);
  }

  /**
   * Data of a given type: a matrix, as of {@linkcode ProfilesData.anyMatrix}.
   *
   * @param kind `"gp"`, `"gg"` or `"pp"`.
   * @param name The name, without the kind.
   * @param dtype The type it must have; nothing is converted. The counts,
   * `umis` of `gp`, can be had as `uint32` and `float64`, which are exact, and
   * as `float32`.
   * @param options The profiles and genes, by default all.
   * @returns The matrix; its columns may be contiguous (`fortranOrder`).
   * @throws {TypeError} If it is of another type.
   */
  async matrix<D extends DType>(
    kind: MatrixKind,
    name: string,
    dtype: D,
    options: MatrixOptions = {},
  ): Promise<NpyArray<D>> {
    const isCounts = isComputed(kind, name) &&
      (dtype === "uint32" || dtype === "float64");
    if (isCounts) this.#axes(kind, options);
    const matrix: AnyNpyArray = isCounts
      ? await this.counts(dtype, options)
      : await this.anyMatrix(kind, name, options);
    if (matrix.dtype === dtype) return matrix as unknown as NpyArray<D>;
    throw new TypeError(
      `Cannot read ${kind}.${name} of ${this.metadata.path} as ${dtype}: ` +
        `its type is ${matrix.dtype}`,
    );
  }

  /**
   * A matrix of any type with what its rows and columns are of: names of
   * genes, indices of profiles.
   *
   * @param kind `"gp"`, `"gg"` or `"pp"`.
   * @param name The name, without the kind.
   * @param options The profiles and genes, by default all.
   * @returns The frame.
   */
  async anyFrame(
    kind: MatrixKind,
    name: string,
    options: MatrixOptions = {},
  ): Promise<Frame> {
    const matrix = await this.anyMatrix(kind, name, options);
    return new Frame({ ...await this.#bothLabels(kind, options), matrix });
  }

  /**
   * A matrix of a given type with what its rows and columns are of.
   *
   * @param kind `"gp"`, `"gg"` or `"pp"`.
   * @param name The name, without the kind.
   * @param dtype The type it must have, as for `matrix`.
   * @param options The profiles and genes, by default all.
   * @returns The frame.
   */
  async frame<D extends DType>(
    kind: MatrixKind,
    name: string,
    dtype: D,
    options: MatrixOptions = {},
  ): Promise<Frame<AnyNpyArray & NpyArray<D>>> {
    const matrix = await this.matrix(kind, name, dtype, options);
    return new Frame({
      ...await this.#bothLabels(kind, options),
      matrix: matrix as AnyNpyArray & NpyArray<D>,
    });
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
   * only by case.
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
    if (kind === "g" || kind === "p") {
      this.#writeArray(kind, name, toDataArray(values as DataValues));
      return;
    }
    const { path } = this.metadata;
    const content = values as NpyContent;
    writeMatrix(path, `${kind}.${name}`, content, this.#shape(kind));
  }

  /**
   * Computes the totals that pose as data.
   *
   * @param kind `"g"` or `"p"`.
   * @returns The totals.
   */
  protected abstract computed(kind: ArrayKind): Promise<Float64Array>;

  /**
   * Decodes the counts.
   *
   * @param dtype `"uint32"`, `"float32"` or `"float64"`.
   * @param options The profiles and genes, which are checked.
   * @returns The matrix.
   */
  protected abstract counts(
    dtype: DType,
    options: MatrixOptions,
  ): Promise<AnyNpyArray>;

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
   * Data that come from elsewhere.
   *
   * @param _kind `"g"` or `"p"`.
   * @param name One of the inherited names.
   * @returns The values.
   */
  protected async inheritedArray(
    _kind: ArrayKind,
    name: string,
  ): Promise<DataArray> {
    return await this.genes.anyArray(name);
  }

  /**
   * A matrix that comes from elsewhere; a class with inherited names of
   * matrices has it.
   *
   * @param kind The kind of the matrix.
   * @param name One of the inherited names.
   * @param _axes The rows and columns that are wanted.
   * @returns The matrix.
   */
  protected inheritedMatrix(
    kind: MatrixKind,
    name: string,
    _axes: MatrixAxes,
  ): Promise<AnyNpyArray> {
    return Promise.reject(
      new Error(`Cannot read ${kind}.${name} of ${this.metadata.path}`),
    );
  }

  /**
   * Why there are no data of a name.
   *
   * @param kind The kind of the data.
   * @param _name The name, without the kind.
   * @returns What a message says.
   */
  protected async whyMissing(kind: DataKind, _name: string): Promise<string> {
    const names = await this.availableData(kind);
    return `there is none; there are ${names.join(", ") || "no others"}`;
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

  #shape(kind: MatrixKind): MatrixShape {
    const genes = this.genes.count;
    const profiles = this.profilesCount;
    return [
      kind[0] === "g" ? genes : profiles,
      kind === "gg" ? genes : profiles,
    ];
  }

  /** What is wanted of each axis, checked. */
  #axes(kind: MatrixKind, options: MatrixOptions): MatrixAxes {
    const { profileIndices, geneIndices } = options;
    const stray = kind === "gg" && profileIndices
      ? "profiles"
      : kind === "pp" && geneIndices
      ? "genes"
      : undefined;
    if (stray !== undefined) {
      throw new TypeError(
        `Cannot take ${stray} of ${kind} data of ${this.metadata.path}: ` +
          "there are none in it",
      );
    }
    const genes = geneIndices && this.genesAt(geneIndices);
    const profiles = profileIndices && this.profilesAt(profileIndices);
    return {
      rows: kind === "pp" ? profiles : genes,
      columns: kind === "gg" ? genes : profiles,
    };
  }

  async #labels(
    kind: string,
    indices?: ArrayLike<number>,
  ): Promise<FrameLabels> {
    if (kind === "g") {
      const names = await this.genes.names();
      return indices ? Array.from(indices, (index) => names[index]!) : names;
    }
    if (indices) return Int32Array.from(indices);
    return Int32Array.from({ length: this.profilesCount }, (_, at) => at);
  }

  async #bothLabels(
    kind: MatrixKind,
    { profileIndices, geneIndices }: MatrixOptions,
  ): Promise<{ index: FrameLabels; columns: FrameLabels }> {
    const chosen = (axis: string) =>
      axis === "g" ? geneIndices : profileIndices;
    const [rows, columns] = [kind[0]!, kind[1]!];
    return {
      index: await this.#labels(rows, chosen(rows)),
      columns: await this.#labels(columns, chosen(columns)),
    };
  }

  async #checkInherited(kind: DataKind, name: string): Promise<void> {
    if ((await this.inheritedNames(kind)).includes(name)) return;
    throw new Error(
      `Cannot read ${kind}.${name} of ${this.metadata.path}: ` +
        await this.whyMissing(kind, name),
    );
  }

  #read(kind: ArrayKind, name: string): DataArray {
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
    const isOrdered = data.kind === "categorical" && data.ordered;
    const ordered = this.metadata.ordered.filter((other) => other !== key);
    if (isOrdered) ordered.push(key);
    if (ordered.length === this.metadata.ordered.length && !isOrdered) return;
    this.metadata.dump(undefined, {
      ordered: ordered.length > 0 ? ordered : undefined,
    });
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
