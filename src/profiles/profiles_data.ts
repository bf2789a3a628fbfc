import type { DataArray } from "../arrays/data_array.ts";
import { takeMatrix } from "../arrays/dense.ts";
import type { DType } from "../arrays/dtypes.ts";
import type { AnyNpyArray, NpyArray } from "../arrays/npy.ts";
import { toDataArray } from "../arrays/to_data_array.ts";
import {
  typedValues,
  type ValuesOf,
  type ValueType,
} from "../arrays/typed_values.ts";
import type { ComputeOptions } from "../compute/totals.ts";
import {
  type ArrayKind,
  type DataKind,
  isComputed,
  type MatrixKind,
} from "./array_names.ts";
import { Frame, type FrameLabels, type Series } from "./frame.ts";
import { readMatrix } from "./matrix_files.ts";
import { ProfilesStore } from "./profiles_store.ts";

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
export abstract class ProfilesData extends ProfilesStore {
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
    if (this.storedNames(kind).includes(name)) {
      return this.readStored(kind, name);
    }
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
    const matrix = readMatrix(path, `${kind}.${name}`, this.shapeOf(kind));
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
}
