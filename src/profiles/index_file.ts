import { readNpy } from "../arrays/npy.ts";
import { type FileState, fileState } from "../io/file_source.ts";
import { countOf } from "../io/plural.ts";

/** The headers that npy files of a list of int32 can have, in bytes. */
const HEADERS = { step: 16, least: 64, most: 256 };

/** What the indices of a file must be; those of genes ascend. */
export interface IndexRules {
  /** What they are of, in messages. */
  readonly what: "gene" | "profile";
  /** How many there are to be an index of. */
  readonly limit: number;
  /** How many indices there must be. */
  readonly count: number;
}

/**
 * A file of indices into another container, each at most once. Opening looks
 * at its size; the content is read, and checked, when it is first needed.
 */
export class IndexFile {
  /** How many indices there are. */
  readonly count: number;
  /** How many there are to be an index of. */
  readonly limit: number;
  readonly #path: string;
  readonly #rules: IndexRules;
  readonly #state: FileState;
  #indices: Int32Array | undefined;

  private constructor(path: string, state: FileState, rules: IndexRules) {
    this.#path = path;
    this.#state = state;
    this.#rules = rules;
    this.count = rules.count;
    this.limit = rules.limit;
  }

  /**
   * Looks for a file of indices.
   *
   * @param path The path of the file.
   * @param rules What its indices must be.
   * @returns The file, or undefined where there is none.
   * @throws {RangeError} If its size is not that of so many indices.
   */
  static find(path: string, rules: IndexRules): IndexFile | undefined {
    const state = fileState(path);
    if (state === undefined) return undefined;
    const header = state.size - 4 * rules.count;
    const { step, least, most } = HEADERS;
    if (header % step === 0 && header >= least && header <= most) {
      return new IndexFile(path, state, rules);
    }
    throw new RangeError(
      `Cannot open ${path}: its ${state.size} bytes are not those of ` +
        `${countOf(rules.count, "index", "indices")} of 4 bytes`,
    );
  }

  /**
   * The indices, which are read once.
   *
   * @returns An index each.
   * @throws {RangeError} If one is out of range, or there twice.
   * @throws {Error} If the file changed since it was opened.
   */
  indices(): Int32Array {
    this.#indices ??= this.#read();
    return this.#indices;
  }

  #read(): Int32Array {
    const now = fileState(this.#path);
    const { size, modified, inode } = this.#state;
    if (
      now?.size !== size || now.modified !== modified || now.inode !== inode
    ) {
      throw new Error(
        `Cannot read ${this.#path}: it changed since it was opened`,
      );
    }
    const indices = readIndices(this.#path);
    checkIndices(indices, this.#path, this.#rules);
    return indices;
  }
}

/**
 * Reads a file of indices.
 *
 * @param path The path of the file.
 * @returns The indices, not checked.
 * @throws {TypeError} If they are no list of int32.
 */
export function readIndices(path: string): Int32Array {
  const { dtype, shape, data } = readNpy(path);
  if (dtype === "int32" && shape.length === 1) return data;
  throw new TypeError(
    `Cannot read ${path} as indices: it is ${dtype} of shape ` +
      `(${shape.join(", ")}), not a list of int32`,
  );
}

/**
 * Checks that indices lead to different places that are there.
 *
 * @param indices The indices.
 * @param path Where they stand, for messages.
 * @param rules What they must be.
 * @throws {RangeError} If there is another number of them, one is out of
 * range or there twice, or genes are not in ascending order.
 */
export function checkIndices(
  indices: ArrayLike<number>,
  path: string,
  rules: IndexRules,
): void {
  const { what, limit, count } = rules;
  const seen = new Uint8Array(limit);
  let why = indices.length === count
    ? undefined
    : `there are ${indices.length}, and there should be ${count}`;
  for (let at = 0; at < indices.length && why === undefined; at++) {
    const index = indices[at]!;
    if (index < 0 || index >= limit) {
      why = `entry ${at} is ${what} ${index} of ${limit}`;
    } else if (seen[index]) {
      why = `${what} ${index} is there twice, again at entry ${at}`;
    } else if (what === "gene" && at > 0 && index < indices[at - 1]!) {
      why = `entry ${at} is gene ${index}, after gene ${indices[at - 1]}; ` +
        "genes are in ascending order";
    } else seen[index] = 1;
  }
  if (why === undefined) return;
  throw new RangeError(`Cannot use the indices of ${path}: ${why}`);
}
