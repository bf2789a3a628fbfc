/** The types of values as HDF5 files state them. */
import { Hdf5Bytes } from "./hdf5_write_bytes.ts";

/** Texts of a fixed number of bytes, filled up with zeros. */
export interface Hdf5FixedText {
  /** The bytes of each. */
  readonly textBytes: number;
  /** Whether they are of ASCII alone. */
  readonly isAscii: boolean;
}

/**
 * The type of the values of a dataset or attribute: numbers by numpy's names;
 * `bool` and complex numbers in the forms that h5py knows; `text` of any
 * length, in UTF-8.
 */
export type Hdf5WriteType =
  | keyof typeof INTEGERS
  | keyof typeof FLOATS
  | "bool"
  | "complex64"
  | "complex128"
  | "text"
  | Hdf5FixedText;

/** The bytes of integers, and whether they have a sign. */
const INTEGERS = {
  int8: [1, true],
  int16: [2, true],
  int32: [4, true],
  int64: [8, true],
  uint8: [1, false],
  uint16: [2, false],
  uint32: [4, false],
  uint64: [8, false],
} as const;

/** The bytes of floats, and the bits of their exponents and mantissas. */
const FLOATS = {
  float16: [2, 5, 10],
  float32: [4, 8, 23],
  float64: [8, 11, 52],
} as const;

/** Classes of types; the version is in the upper four bits. */
const INTEGER = 0x10;
const FLOAT = 0x11;
const STRING = 0x13;
const COMPOUND = 0x26;
const ENUMERATION = 0x18;
const LIST = 0x19;

/** A text of any length is its length, the address of a heap, and an index. */
export const REFERENCE_BYTES = 16;

/**
 * The bytes of a value.
 *
 * @param type Its type.
 * @returns How many it takes in the file.
 */
export function typeSize(type: Hdf5WriteType): number {
  if (typeof type === "object") return type.textBytes;
  if (type === "text") return REFERENCE_BYTES;
  if (type === "bool") return 1;
  if (type === "complex64") return 8;
  if (type === "complex128") return 16;
  const [size] = type in INTEGERS
    ? INTEGERS[type as keyof typeof INTEGERS]
    : FLOATS[type as keyof typeof FLOATS];
  return size;
}

/**
 * Encodes a type.
 *
 * @param type The type.
 * @returns The bytes of the message that states it.
 */
export function encodeType(type: Hdf5WriteType): Uint8Array {
  const bytes = new Hdf5Bytes();
  if (typeof type === "object") {
    bytes.u8(STRING, type.isAscii ? 0x01 : 0x11, 0, 0).u32(type.textBytes);
  } else if (type === "text") {
    bytes.u8(LIST, 1, 1, 0).u32(REFERENCE_BYTES).add(encodeType("int8"));
  } else if (type === "bool") {
    bytes.u8(ENUMERATION, 2, 0, 0).u32(1).add(encodeType("int8"));
    bytes.text("FALSE").fillTo(28).text("TRUE").fillTo(36).u8(0, 1);
  } else if (type === "complex64" || type === "complex128") {
    addComplex(bytes, type === "complex64" ? "float32" : "float64");
  } else if (isInteger(type)) {
    const [size, isSigned] = INTEGERS[type];
    bytes.u8(INTEGER, isSigned ? 8 : 0, 0, 0).u32(size).u16(0, 8 * size);
  } else {
    addFloat(bytes, FLOATS[type]);
  }
  return bytes.take();
}

function isInteger(type: string): type is keyof typeof INTEGERS {
  return type in INTEGERS;
}

function addFloat(
  bytes: Hdf5Bytes,
  [size, exponent, mantissa]: readonly [number, number, number],
): void {
  const bits = 8 * size;
  bytes.u8(FLOAT, 0x20, bits - 1, 0).u32(size).u16(0, bits);
  bytes.u8(mantissa, exponent, 0, mantissa).u32(2 ** (exponent - 1) - 1);
}

/** The names of the parts are those by which h5py knows complex numbers. */
function addComplex(bytes: Hdf5Bytes, part: "float32" | "float64"): void {
  const size = typeSize(part);
  bytes.u8(COMPOUND, 2, 0, 0).u32(2 * size);
  for (const [at, name] of ["r", "i"].entries()) {
    bytes.text(name).align().u32(at * size).add(encodeType(part));
  }
}
