/**
 * The element types of numeric arrays, by numpy's names, and the typed arrays
 * that hold them. Every platform that runs this is little-endian, and so are
 * the arrays.
 */

/** The element types that are numbers, by numpy's names. */
export type NumericDType =
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float16"
  | "float32"
  | "float64"
  | "complex64"
  | "complex128";

/** The element types of arrays that are kept as numbers. */
export type DType = NumericDType | "bool";

/** The typed array that holds the elements of each dtype. */
export interface DTypeArrays {
  /** 8-bit signed integers. */
  int8: Int8Array;
  /** 16-bit signed integers. */
  int16: Int16Array;
  /** 32-bit signed integers. */
  int32: Int32Array;
  /** 64-bit signed integers. */
  int64: BigInt64Array;
  /** 8-bit unsigned integers. */
  uint8: Uint8Array;
  /** 16-bit unsigned integers. */
  uint16: Uint16Array;
  /** 32-bit unsigned integers. */
  uint32: Uint32Array;
  /** 64-bit unsigned integers. */
  uint64: BigUint64Array;
  /** Half precision. */
  float16: Float16Array;
  /** Single precision. */
  float32: Float32Array;
  /** Double precision. */
  float64: Float64Array;
  /** Pairs of single precision numbers: real, imaginary, real, … */
  complex64: Float32Array;
  /** Pairs of double precision numbers: real, imaginary, real, … */
  complex128: Float64Array;
  /** One byte an element, 0 or 1. */
  bool: Uint8Array;
}

/** Any typed array that holds the elements of a dtype. */
export type TypedArray = DTypeArrays[DType];

type ArrayClasses = {
  readonly [D in DType]: {
    readonly BYTES_PER_ELEMENT: number;
    new (length: number): DTypeArrays[D];
    new (
      buffer: ArrayBufferLike,
      byteOffset: number,
      length: number,
    ): DTypeArrays[D];
  };
};

const ARRAY_CLASSES: ArrayClasses = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Float16Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
  bool: Uint8Array,
};

/** All dtypes. The plain ones come before those that share their arrays. */
export const DTYPES: readonly DType[] = Object.keys(ARRAY_CLASSES) as DType[];

/**
 * Whether a text is the name of a dtype.
 *
 * @param text The text.
 * @returns True for the names in {@linkcode DTYPES}.
 */
export function isDType(text: string): text is DType {
  return Object.hasOwn(ARRAY_CLASSES, text);
}

/**
 * How many numbers of its typed array make one element of a dtype.
 *
 * @param dtype The dtype.
 * @returns 2 for complex numbers, else 1.
 */
export function componentCount(dtype: DType): 1 | 2 {
  return dtype === "complex64" || dtype === "complex128" ? 2 : 1;
}

/**
 * The size of one component of a dtype, which is what bytes are swapped and
 * aligned by.
 *
 * @param dtype The dtype.
 * @returns The size in bytes.
 */
export function componentSize(dtype: DType): number {
  return ARRAY_CLASSES[dtype].BYTES_PER_ELEMENT;
}

/**
 * The size of one element of a dtype.
 *
 * @param dtype The dtype.
 * @returns The size in bytes.
 */
export function itemSize(dtype: DType): number {
  return componentSize(dtype) * componentCount(dtype);
}

/**
 * Makes an array of zeros.
 *
 * @param dtype The dtype of its elements.
 * @param count How many elements.
 * @returns The new array.
 */
export function makeArray<D extends DType>(
  dtype: D,
  count: number,
): DTypeArrays[D] {
  return new ARRAY_CLASSES[dtype](count * componentCount(dtype));
}

/**
 * Views bytes as an array, without a copy.
 *
 * @param dtype The dtype of the elements.
 * @param bytes The bytes, a whole number of elements, aligned to the dtype's
 * component size.
 * @returns The array, which shares the memory of `bytes`.
 */
export function viewArray<D extends DType>(
  dtype: D,
  bytes: Uint8Array,
): DTypeArrays[D] {
  const length = bytes.byteLength / componentSize(dtype);
  return new ARRAY_CLASSES[dtype](bytes.buffer, bytes.byteOffset, length);
}

/**
 * Views an array as its bytes, without a copy.
 *
 * @param array The array.
 * @returns Its bytes, which share its memory.
 */
export function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/**
 * Whether an array is of the class that holds the elements of a dtype.
 *
 * @param array Any value.
 * @param dtype The dtype.
 * @returns True where it is.
 */
export function holdsDType<D extends DType>(
  array: unknown,
  dtype: D,
): array is DTypeArrays[D] {
  return isDType(dtype) && array instanceof ARRAY_CLASSES[dtype];
}

/**
 * The dtype that a typed array stands for when nothing else is said: never
 * bool and never complex.
 *
 * @param array The array.
 * @returns The dtype.
 * @throws {TypeError} If it is an array of another kind.
 */
export function dtypeOf(array: TypedArray): NumericDType {
  const dtype = DTYPES.find((name) => array instanceof ARRAY_CLASSES[name]);
  if (dtype !== undefined && dtype !== "bool") return dtype;
  const what = Object.prototype.toString.call(array).slice(8, -1);
  throw new TypeError(
    `Cannot tell the dtype of an array: it is ${what}, not a typed array of numbers`,
  );
}

/**
 * Finds the first byte that is no bool.
 *
 * @param bytes The bytes of an array of bools.
 * @returns Its index, or -1 where all are 0 or 1.
 */
export function findNotBool(bytes: Uint8Array): number {
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index]! > 1) return index;
  }
  return -1;
}
