import type { Table } from "apache-arrow";
import type { AnyNpyArray } from "../arrays/npy.ts";
import { countOf } from "../io/plural.ts";

/** What stands at the side of rows or columns: names of genes, or indices. */
export type FrameLabels = readonly string[] | Int32Array;

/** A value for each gene or profile, with what each is of. */
export interface Series<V> {
  /** The names of the genes, or the indices of the profiles. */
  readonly index: FrameLabels;
  /** The values. */
  readonly values: V;
}

/**
 * A matrix with what its rows and columns are of: names of genes, indices of
 * profiles.
 *
 * @example Give counts to a table library
 * ```ts
 * import { Frame } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const frame = new Frame({
 *   index: ["ACTB", "CD3D"],
 *   columns: Int32Array.of(0, 7),
 *   matrix: {
 *     dtype: "uint32",
 *     shape: [2, 2],
 *     fortranOrder: true,
 *     data: Uint32Array.of(5, 0, 3, 1),
 *   },
 * });
 * const table = await frame.toArrow();
 * assertEquals(table.schema.fields.map(({ name }) => name), ["index", "0", "7"]);
 * assertEquals(table.getChild("7")?.toArray(), Uint32Array.of(3, 1));
 * ```
 */
export class Frame<M extends AnyNpyArray = AnyNpyArray> {
  /**
   * Turns a frame into a table of Apache Arrow; `mod.ts` sees to it that it is
   * there, and the package is loaded when it is first needed.
   *
   * @param frame The frame.
   * @returns The table.
   */
  static toArrow: (frame: Frame) => Promise<Table>;

  /** What each row is of. */
  readonly index: FrameLabels;
  /** What each column is of. */
  readonly columns: FrameLabels;
  /** The values. */
  readonly matrix: M;

  /**
   * Puts labels beside a matrix.
   *
   * @param parts The labels, and a matrix of as many rows and columns.
   * @throws {TypeError} If the counts differ.
   */
  constructor(
    parts: {
      readonly index: FrameLabels;
      readonly columns: FrameLabels;
      readonly matrix: M;
    },
  ) {
    const { index, columns, matrix } = parts;
    const { shape } = matrix;
    if (
      shape.length !== 2 || shape[0] !== index.length ||
      shape[1] !== columns.length
    ) {
      throw new TypeError(
        `Cannot make a frame of ${countOf(index.length, "row")} and ` +
          `${countOf(columns.length, "column")}: its matrix has the shape ` +
          `(${shape.join(", ")})`,
      );
    }
    this.index = index;
    this.columns = columns;
    this.matrix = matrix;
  }

  /**
   * The frame as a table of Apache Arrow, which DuckDB, Arquero and
   * Observable Plot take: the column `index`, then one for each column of the
   * frame, named by its label. Values are not copied where a column of the
   * matrix is contiguous.
   *
   * @returns The table.
   * @throws {TypeError} If the values are complex, which Arrow has not.
   */
  async toArrow(): Promise<Table> {
    return await Frame.toArrow(this as unknown as Frame);
  }
}
