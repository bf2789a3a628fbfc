/** What the types of HDF5 values are, and how their bytes are read. */

/** Numbers as they come out of a file. */
export type Hdf5Numbers =
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

/** A class of arrays of numbers. */
export type Hdf5NumbersClass = new (buffer: ArrayBuffer) => Hdf5Numbers;

/** What the values of a dataset are. */
export type Hdf5TypeClass =
  | "integer"
  | "float"
  | "bool"
  | "string"
  | "compound"
  | "reference"
  | "other";

/** A type, as the library says it. */
export interface Hdf5Type {
  /** The number of its class. */
  readonly type: number;
  /** The bytes of a value in memory. */
  readonly size: number;
  /** Whether an integer has a sign. */
  readonly signed: boolean;
  /** Whether a string is of any length. */
  readonly vlen: boolean;
  /** How a string of fixed length is filled up. */
  readonly strpad?: number;
  /** Whether the first byte of a number is its lowest. */
  readonly littleEndian?: boolean;
  /** The names and values of an enumeration. */
  readonly enum_type?: {
    readonly type: number;
    readonly members: Readonly<Record<string, number>>;
  };
  /** The fields of a compound type. */
  readonly compound_type?: { readonly members: readonly Hdf5Member[] };
  /** What an array as a value is made of. */
  readonly array_type?: Hdf5Type & { readonly shape: readonly number[] };
  /** What a reference refers to. */
  readonly ref_type?: "object" | "region";
}

/** A field of a compound type. */
export interface Hdf5Member extends Hdf5Type {
  /** Its name. */
  readonly name: string;
  /** Where it starts in a value. */
  readonly offset: number;
}

/** The classes of types, by their numbers. */
const CLASSES = [
  "integer",
  "float",
  "time",
  "string",
  "bit field",
  "opaque",
  "compound",
  "reference",
  "enumeration",
  "variable-length list",
  "array",
];

/**
 * Says what the values of a type are. Enumerations are integers, but for the
 * two values that Python's h5py writes booleans as.
 *
 * @param type The type.
 * @returns What they are.
 */
export function typeClassOf(type: Hdf5Type): Hdf5TypeClass {
  const name = CLASSES[type.type];
  switch (name) {
    case "integer":
    case "float":
    case "string":
    case "compound":
      return name;
    case "reference":
      return type.ref_type === "object" ? "reference" : "other";
    case "enumeration":
      if (type.enum_type?.type !== 0) return "other";
      return isBool(type) ? "bool" : "integer";
    default:
      return "other";
  }
}

/**
 * Names a type as people call it.
 *
 * @param type The type.
 * @returns Its name: `int32`, `float64`, `string`, …
 */
export function typeNameOf(type: Hdf5Type): string {
  const { size, signed } = type;
  const typeClass = typeClassOf(type);
  if (typeClass === "float") return `float${8 * size}`;
  if (typeClass === "integer") return `${signed ? "int" : "uint"}${8 * size}`;
  if (typeClass !== "other") return typeClass;
  return CLASSES[type.type] ?? "unknown";
}

/**
 * Finds the class of arrays for a type.
 *
 * @param type The type.
 * @returns The class, or undefined where its values are no numbers.
 */
export function numbersClassOf(type: Hdf5Type): Hdf5NumbersClass | undefined {
  const { size, signed } = type;
  const typeClass = typeClassOf(type);
  if (typeClass === "float") {
    if (size === 2) return Float16Array;
    if (size === 4) return Float32Array;
    return size === 8 ? Float64Array : undefined;
  }
  if (typeClass !== "integer" && typeClass !== "bool") return undefined;
  if (size === 1) return signed ? Int8Array : Uint8Array;
  if (size === 2) return signed ? Int16Array : Uint16Array;
  if (size === 4) return signed ? Int32Array : Uint32Array;
  if (size === 8) return signed ? BigInt64Array : BigUint64Array;
  return undefined;
}

/**
 * Unpacks a type whose values are arrays.
 *
 * @param type The type.
 * @returns The type of the values in them, and their extents; of any other
 * type itself and none.
 */
export function unpackArrayType(
  type: Hdf5Type,
): { readonly type: Hdf5Type; readonly extents: readonly number[] } {
  if (type.array_type === undefined) return { type, extents: [] };
  const { type: inner, extents } = unpackArrayType(type.array_type);
  return { type: inner, extents: [...type.array_type.shape, ...extents] };
}

/**
 * Whether the library, which turns numbers around when it reads them, leaves a
 * field as it is in the file, and that is the other way around.
 *
 * @param whole The compound type.
 * @param member The type of the field.
 * @returns Whether its bytes have to be turned around.
 */
export function isLeftSwapped(whole: Hdf5Type, member: Hdf5Type): boolean {
  if (member.littleEndian !== false || !hasOrder(member)) return false;
  // It turns a compound type around only where all of it is the other way.
  return leavesOf(whole).some((leaf) => hasOrder(leaf) && leaf.littleEndian);
}

/**
 * Whether values have parts in memory elsewhere.
 *
 * @param type The type.
 * @returns Whether there are strings or lists of any length in it.
 */
export function hasPointers(type: Hdf5Type): boolean {
  return leavesOf(type).some(({ type, vlen }) =>
    vlen || CLASSES[type] === "variable-length list"
  );
}

/**
 * Turns numbers around, in place.
 *
 * @param bytes The numbers.
 * @param size The bytes of one.
 */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start + size <= bytes.length; start += size) {
    bytes.subarray(start, start + size).reverse();
  }
}

function leavesOf(type: Hdf5Type): Hdf5Type[] {
  const members = type.compound_type?.members;
  if (members === undefined) return [unpackArrayType(type).type];
  return members.flatMap(leavesOf);
}

function hasOrder(type: Hdf5Type): boolean {
  return numbersClassOf(type) !== undefined;
}

function isBool({ enum_type, size }: Hdf5Type): boolean {
  const members = Object.entries(enum_type?.members ?? {});
  return size === 1 && members.length === 2 &&
    members.every(([name, value]) =>
      value === (name === "TRUE" ? 1 : name === "FALSE" ? 0 : undefined)
    );
}
