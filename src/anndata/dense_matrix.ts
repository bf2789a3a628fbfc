import { countOf } from "../io/plural.ts";
import type { ArrayNode, NodeStore, StoredNumbers } from "./nodes.ts";

/** A dense matrix of a store. */
export class StoredDense {
  /** Its path in the store. */
  readonly path: string;
  /** Tells it from a sparse one. */
  readonly kind = "dense";
  /** The number of rows and of columns. */
  readonly shape: readonly [number, number];
  readonly #store: NodeStore;
  readonly #node: ArrayNode;

  /**
   * Makes a matrix of an array of two axes, or of one, as old versions wrote a
   * single row or column.
   *
   * @param store The store.
   * @param node The array.
   * @param shape The rows and columns that are expected; only of an array of
   * one axis this says which it is.
   * @throws {Error} If it holds no numbers, or has other axes.
   */
  constructor(
    store: NodeStore,
    node: ArrayNode,
    shape: readonly [number, number],
  ) {
    this.#store = store;
    this.#node = node;
    this.path = node.path;
    const { elementClass, typeName } = node;
    if (!["integer", "float", "bool"].includes(elementClass)) {
      throw store.error(node.path, `it holds ${typeName} instead of numbers`);
    }
    this.shape = shapeOf(store, node, shape);
  }

  /** The type of its values as people call it. */
  get typeName(): string {
    return this.#node.typeName;
  }

  /**
   * The number of rows of a chunk of the store, or 1: what starts at a multiple
   * of it is read without decoding anything twice.
   */
  get chunkRows(): number {
    return this.#node.shape.length === 2 ? this.#node.chunks?.[0] ?? 1 : 1;
  }

  /**
   * Reads rows, wherever they are.
   *
   * @param start The first row.
   * @param end Where they end.
   * @returns Their values, a row after the other.
   * @throws {RangeError} If there are no such rows.
   */
  async readRows(start: number, end: number): Promise<StoredNumbers> {
    const [rows, columns] = this.shape;
    if (!(start >= 0 && start <= end && end <= rows)) {
      const why = `it has ${countOf(rows, "row")}, and not ${start} to ${end}`;
      throw new RangeError(this.#store.error(this.path, why).message);
    }
    const isRow = this.#node.shape.length === 1 && rows === 1;
    return isRow
      ? await this.#node.readNumbers(0, end === start ? 0 : columns)
      : await this.#node.readNumbers(start, end);
  }
}

function shapeOf(
  store: NodeStore,
  node: ArrayNode,
  expected: readonly [number, number],
): readonly [number, number] {
  const [first = 0, second = 0] = node.shape;
  if (node.shape.length === 2) return [first, second];
  if (node.shape.length === 1) {
    return expected[1] === 1 ? [first, 1] : [1, first];
  }
  const why = "it has " +
    `${countOf(node.shape.length, "dimension")} instead of two`;
  throw store.error(node.path, why);
}
