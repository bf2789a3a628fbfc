import { thereAre } from "../io/plural.ts";
import { dtypeOf } from "../arrays/dtypes.ts";
import { shapeAttribute, textAttribute } from "./attributes.ts";
import type {
  ArrayNode,
  GroupNode,
  NodeStore,
  StoredNumbers,
} from "./nodes.ts";
import { toIndices } from "./to_indices.ts";

/** Some of the entries of a sparse matrix. */
export interface SparseEntries {
  /** The column of each entry, of a CSC matrix the row; all in bounds. */
  readonly indices: Uint32Array;
  /** The value of each entry. */
  readonly values: StoredNumbers;
}

/** Some rows of a CSR matrix, or columns of a CSC matrix. */
export interface SparseLines extends SparseEntries {
  /** Where the entries of each begin, and where the last ones end. */
  readonly offsets: Uint32Array;
}

/**
 * A compressed sparse matrix of a store. Its *lines* are what its entries are
 * sorted by: rows of CSR, columns of CSC. Entries of a line come in any order,
 * and repeats add up.
 */
export class StoredSparse {
  /** Its path in the store. */
  readonly path: string;
  /** What its lines are. */
  readonly kind: "csr" | "csc";
  /** The number of rows and of columns. */
  readonly shape: readonly [number, number];
  /** The number of entries, zeros that are written out among them. */
  readonly entriesCount: number;
  readonly #store: NodeStore;
  readonly #data: ArrayNode;
  readonly #indices: ArrayNode;
  readonly #indptr: ArrayNode;
  #starts: Promise<Float64Array> | undefined;

  private constructor(
    store: NodeStore,
    group: GroupNode,
    parts: {
      readonly kind: "csr" | "csc";
      readonly shape: readonly [number, number];
      readonly data: ArrayNode;
      readonly indices: ArrayNode;
      readonly indptr: ArrayNode;
    },
  ) {
    this.path = group.path;
    this.kind = parts.kind;
    this.shape = parts.shape;
    this.entriesCount = parts.data.shape[0]!;
    this.#store = store;
    this.#data = parts.data;
    this.#indices = parts.indices;
    this.#indptr = parts.indptr;
  }

  /**
   * Opens a matrix, and checks that the sizes of its parts fit.
   *
   * @param store The store.
   * @param group Where its parts are.
   * @returns The matrix, or undefined where the group does not say to be one.
   * @throws {Error} If a part is missing or does not fit.
   */
  static async open(
    store: NodeStore,
    group: GroupNode,
  ): Promise<StoredSparse | undefined> {
    const attributes = await group.attributes();
    const kind = kindOf(
      textAttribute(attributes, "encoding-type") ??
        textAttribute(attributes, "h5sparse_format"),
    );
    if (kind === undefined) return undefined;
    const shape = shapeAttribute(attributes, "shape") ??
      shapeAttribute(attributes, "h5sparse_shape");
    if (!shape) throw store.error(group.path, "it does not say its shape");
    const [data, indices, indptr] = [
      await findPart(store, group, "data"),
      await findPart(store, group, "indices"),
      await findPart(store, group, "indptr"),
    ];
    const matrix = new StoredSparse(store, group, {
      kind,
      shape,
      data,
      indices,
      indptr,
    });
    matrix.#checkParts();
    return matrix;
  }

  /** The type of its values as people call it. */
  get typeName(): string {
    return this.#data.typeName;
  }

  /** The number of rows of CSR, of columns of CSC. */
  get linesCount(): number {
    return this.shape[this.kind === "csr" ? 0 : 1];
  }

  /** The number of columns of CSR, of rows of CSC. */
  get lineLength(): number {
    return this.shape[this.kind === "csr" ? 1 : 0];
  }

  /** The path of its values, for messages. */
  get valuesPath(): string {
    return this.#data.path;
  }

  /**
   * The number of entries of a chunk of the store, or 1: what starts at a
   * multiple of it is read without decoding anything twice.
   */
  get chunkLength(): number {
    const chunks = [this.#data.chunks?.[0], this.#indices.chunks?.[0]];
    return Math.max(1, ...chunks.map((chunk) => chunk ?? 1));
  }

  /**
   * Where the entries of each line start. They are read once, and shared.
   *
   * @returns A start for each line, and the end of the last.
   * @throws {Error} If they don't start at 0, go back, or end elsewhere.
   */
  starts(): Promise<Float64Array> {
    this.#starts ??= this.#readStarts();
    return this.#starts;
  }

  /**
   * Reads lines, wherever they are.
   *
   * @param start The first line.
   * @param end Where they end.
   * @returns Their entries.
   * @throws {RangeError} If there are no such lines.
   * @throws {Error} If an index is out of bounds; with its place.
   */
  async readLines(start: number, end: number): Promise<SparseLines> {
    this.#checkLines(start, end);
    const starts = await this.starts();
    const first = starts[start]!;
    const offsets = Uint32Array.from(
      starts.subarray(start, end + 1),
      (offset) => offset - first,
    );
    return { offsets, ...await this.readEntries(first, starts[end]!) };
  }

  /**
   * Reads entries, whatever lines they are of.
   *
   * @param start The first entry.
   * @param end Where they end.
   * @returns The entries.
   * @throws {Error} If an index is out of bounds; with its place.
   */
  async readEntries(start: number, end: number): Promise<SparseEntries> {
    const indices = await this.readIndices(start, end);
    const values = await this.readValues(start, end);
    await this.#checkChunks(start, values);
    return { indices, values };
  }

  /**
   * Reads entries into memory, if they are stored in its types. Their indices
   * are not looked at: they may be out of bounds, which `checkIndices` tells.
   *
   * @param start The first entry.
   * @param entries Receives the entries, as many as there is room for.
   * @returns Whether they were read.
   */
  async readInto(
    start: number,
    { indices, values }: {
      readonly indices: Int32Array;
      readonly values: StoredNumbers;
    },
  ): Promise<boolean> {
    const isFit = this.#indices.typeName === "int32" &&
      this.#data.typeName === dtypeOf(values);
    if (!isFit) return false;
    await readNumbersInto(this.#indices, start, indices);
    await readNumbersInto(this.#data, start, values);
    await this.#checkChunks(start, values);
    return true;
  }

  /**
   * Checks that indices are in bounds.
   *
   * @param stored The indices of entries that follow each other.
   * @param start Which entry is the first of them.
   * @returns The indices, in the same memory where they have 32 bits.
   * @throws {Error} If one is out of bounds; with its place.
   */
  checkIndices(stored: StoredNumbers, start: number): Uint32Array {
    const indices = toIndices(stored, this.lineLength);
    if (typeof indices !== "number") return indices;
    const what = this.kind === "csr" ? "columns" : "rows";
    throw this.#store.error(
      this.#indices.path,
      `element ${start + indices} is ${stored[indices]}, ` +
        `but there are ${this.lineLength} ${what}`,
    );
  }

  /**
   * Reads the values of entries alone.
   *
   * @param start The first entry.
   * @param end Where they end.
   * @returns The value of each entry.
   */
  async readValues(start: number, end: number): Promise<StoredNumbers> {
    return await this.#data.readNumbers(start, end);
  }

  /**
   * Reads the indices of entries alone.
   *
   * @param start The first entry.
   * @param end Where they end.
   * @returns The column of each entry, of a CSC matrix the row.
   * @throws {Error} If one is out of bounds; with its place.
   */
  async readIndices(start: number, end: number): Promise<Uint32Array> {
    const stored = await this.#indices.readNumbers(start, end);
    return this.checkIndices(stored, start);
  }

  /** Entries are not zeros: a chunk that is left out was lost. */
  async #checkChunks(start: number, values: StoredNumbers): Promise<void> {
    const length = this.#data.chunks?.[0];
    if (length === undefined || this.#data.hasChunkOf === undefined) return;
    for (let at = 0; at < values.length;) {
      const chunk = Math.floor((start + at) / length);
      const next = Math.min((chunk + 1) * length - start, values.length);
      const isZero = values.subarray(at, next).every(isNothing);
      if (isZero && !await this.#data.hasChunkOf(start + at)) {
        throw this.#store.error(this.#data.path, `chunk ${chunk} is missing`);
      }
      at = next;
    }
  }

  async #readStarts(): Promise<Float64Array> {
    const stored = await this.#indptr.readNumbers(0, this.linesCount + 1);
    const starts = Float64Array.from(
      stored as Iterable<number | bigint>,
      Number,
    );
    const wrong = starts.findIndex((start, at) =>
      at === 0 ? start !== 0 : !(start >= starts[at - 1]!)
    );
    if (wrong === 0) {
      throw this.#startsError(`element 0 is ${starts[0]} and not 0`);
    }
    if (wrong > 0) {
      throw this.#startsError(
        `element ${wrong} goes back from ${starts[wrong - 1]} ` +
          `to ${starts[wrong]}`,
      );
    }
    const last = starts.at(-1);
    if (last === this.entriesCount) return starts;
    throw this.#startsError(
      `it ends at ${last}, but ${
        thereAre(this.entriesCount, "entry", "entries")
      }`,
    );
  }

  #startsError(why: string): Error {
    return this.#store.error(this.#indptr.path, why);
  }

  #checkLines(start: number, end: number): void {
    if (start >= 0 && start <= end && end <= this.linesCount) return;
    const what = this.kind === "csr" ? "rows" : "columns";
    const why = `it has ${this.linesCount} ${what}, and not ${start} to ${end}`;
    throw new RangeError(this.#store.error(this.path, why).message);
  }

  /** The parts bear out the shape, before anything is read. */
  #checkParts(): void {
    const [data, indices, indptr] = [this.#data, this.#indices, this.#indptr];
    for (const { elementClass, path, typeName } of [indices, indptr]) {
      if (elementClass === "integer") continue;
      const why = `it holds ${typeName} instead of integers`;
      throw this.#store.error(path, why);
    }
    if (!["integer", "float", "bool"].includes(data.elementClass)) {
      const why = `it holds ${data.typeName} instead of numbers`;
      throw this.#store.error(data.path, why);
    }
    if (indices.shape[0] !== data.shape[0]) {
      const why = `it has ${indices.shape[0]} elements, ` +
        `and ${data.path} has ${data.shape[0]}`;
      throw this.#store.error(indices.path, why);
    }
    if (indptr.shape[0] === this.linesCount + 1) return;
    throw this.#store.error(
      indptr.path,
      `it has ${indptr.shape[0]} elements, but a ${this.kind} matrix of ` +
        `${this.shape.join(" x ")} needs ${this.linesCount + 1}`,
    );
  }
}

/** Stores that make no use of the memory have their numbers copied. */
async function readNumbersInto(
  node: ArrayNode,
  start: number,
  target: StoredNumbers,
): Promise<void> {
  const read = await node.readNumbers(start, start + target.length, target);
  // Both are of one type, whichever it is.
  if (read !== target) (target as Float64Array).set(read as Float64Array);
}

function isNothing(value: number | bigint): boolean {
  return Number(value) === 0;
}

function kindOf(format: string | undefined): "csr" | "csc" | undefined {
  if (format === "csr" || format === "csr_matrix") return "csr";
  return format === "csc" || format === "csc_matrix" ? "csc" : undefined;
}

async function findPart(
  store: NodeStore,
  group: GroupNode,
  name: string,
): Promise<ArrayNode> {
  const node = await group.get(name);
  if (node?.kind !== "array") {
    throw store.error(group.path, `it has no array ${name}`);
  }
  if (node.shape.length === 1) return node;
  const why = `it has ${node.shape.length} dimensions instead of one`;
  throw store.error(node.path, why);
}
