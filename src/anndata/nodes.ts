/**
 * Groups and arrays as HDF5 files and zarr stores have them alike: what the
 * model of AnnData is read from, whatever the format.
 */

/** Numbers as they come out of a store. */
export type StoredNumbers =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** What the values of an array are. */
export type ElementClass =
  | "integer"
  | "float"
  | "bool"
  | "string"
  | "compound"
  | "reference"
  | "other";

/** A link to another node of the same store, as an attribute has it. */
export interface NodeReference {
  /** The path of the node, from the root. */
  readonly reference: string;
}

/** The value of an attribute: a scalar, or a list of scalars. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | NodeReference
  | readonly AttributeValue[];

/** The attributes of a node, by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A group of a store. */
export interface GroupNode {
  /** Tells it from an array. */
  readonly kind: "group";
  /** The path from the root, without a slash in front; empty for the root. */
  readonly path: string;
  /** Its attributes, which are read when they are first asked for. */
  attributes(): Promise<Attributes>;
  /** The names of what is in it, in the order of the store. */
  keys(): Promise<readonly string[]>;
  /**
   * Finds a node in the group.
   *
   * @param path Its path from the group, of names and slashes.
   * @returns The node, or undefined where there is none.
   */
  get(path: string): Promise<StoreNode | undefined>;
}

/** An array of a store. What it claims was checked against the true size. */
export interface ArrayNode {
  /** Tells it from a group. */
  readonly kind: "array";
  /** The path from the root, without a slash in front. */
  readonly path: string;
  /** The extents; empty for a scalar. */
  readonly shape: readonly number[];
  /** What its values are. */
  readonly elementClass: ElementClass;
  /** The type as people call it: `int32`, `float64`, `string`, … */
  readonly typeName: string;
  /** The extents of its chunks; undefined where it has none. */
  readonly chunks: readonly number[] | undefined;
  /** The names of the fields of a compound type, else empty. */
  readonly fields: readonly string[];
  /** Its attributes. */
  attributes(): Promise<Attributes>;
  /**
   * Reads numbers; bools are 0 and 1.
   *
   * @param start The first index of the first axis; 0 for a scalar.
   * @param end Where it ends; 1 for a scalar.
   * @param into Memory for them, as many as they are; some stores use it where
   * it is of their type.
   * @returns The numbers, in row-major order, in memory of their own or that
   * which was given.
   */
  readNumbers(
    start: number,
    end: number,
    into?: StoredNumbers,
  ): Promise<StoredNumbers>;
  /**
   * Reads texts.
   *
   * @param start The first index of the first axis; 0 for a scalar.
   * @param end Where it ends; 1 for a scalar.
   * @returns The texts, in row-major order.
   */
  readTexts(start: number, end: number): Promise<string[]>;
  /**
   * Whether a store that leaves out chunks has one; unset where none does.
   *
   * @param index An index of the first axis, of an array of one.
   * @returns Whether the chunk that it is in is there.
   */
  hasChunkOf?(index: number): Promise<boolean>;
  /**
   * A field of a compound type as an array of its own.
   *
   * @param name One of the fields.
   */
  field(name: string): ArrayNode;
}

/** A node of a store. */
export type StoreNode = GroupNode | ArrayNode;

/** An HDF5 file, a zarr folder, or a zip of one, opened for reading. */
export interface NodeStore extends Disposable {
  /** The path of the file or folder. */
  readonly name: string;
  /** What it is, for people. */
  readonly format: "HDF5" | "zarr v2" | "zarr v3";
  /** Its root. */
  readonly root: GroupNode;
  /**
   * Makes an error that names the store and a node.
   *
   * @param path The path of the node.
   * @param why What is wrong.
   */
  error(path: string, why: string): Error;
  /** Throws where what it was opened on has changed since. */
  checkUnchanged(): void;
  /** Closes the store; closing twice is fine, reading afterwards an error. */
  close(): void;
}
