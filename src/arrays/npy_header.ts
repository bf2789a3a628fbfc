/**
 * Headers of npy files, versions 1 to 3: read with every size checked before
 * it is believed, written byte by byte as numpy does.
 */
import { parsePythonLiteral, type PythonLiteral } from "./_python_literal.ts";
import { type DType, itemSize } from "./dtypes.ts";

/** What the header of an npy file says. */
export interface NpyHeader {
  /** The dtype of the elements. */
  readonly dtype: DType;
  /** The size of each axis; empty for a single value. */
  readonly shape: readonly number[];
  /** Whether the first axis varies fastest, instead of the last. */
  readonly fortranOrder: boolean;
  /** Whether the least significant byte of a number comes first. */
  readonly littleEndian: boolean;
  /** Where the content begins, in bytes from the start of the file. */
  readonly dataOffset: number;
}

/** How many bytes have to be read to know how long a header is. */
export const NPY_PREFIX_SIZE = 12;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const KEYS = ["descr", "fortran_order", "shape"];
const CODES: Readonly<Record<string, DType>> = {
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
  c8: "complex64",
  c16: "complex128",
  b1: "bool",
  "?": "bool",
};
const REFUSED: Readonly<Record<string, string>> = {
  O: "Python objects",
  S: "byte strings",
  a: "byte strings",
  U: "strings",
  V: "raw or structured data",
  M: "dates",
  m: "time spans",
  f: "long doubles",
  g: "long doubles",
  c: "complex long doubles",
  G: "complex long doubles",
};
/** `ARRAY_ALIGN` and `GROWTH_AXIS_MAX_DIGITS` of numpy's writer. */
const ALIGNMENT = 64;
const GROWTH_DIGITS = 21;
/** Headers in use take a few hundred bytes; numpy stops at 10,000. */
const MAXIMUM_HEADER_SIZE = 1 << 20;

/**
 * Reads the header of an npy file. The first bytes are enough; the content
 * may be missing.
 *
 * @param bytes The first bytes of the file, with the whole header.
 * @param name What messages call the file.
 * @returns What the header says.
 * @throws {SyntaxError} If it is not the header of an npy file.
 * @throws {TypeError} If the elements are neither numbers nor bools.
 * @throws {RangeError} If the header ends too early, or a size is impossible.
 *
 * @example The shape of an array, from its first bytes
 * ```ts
 * import { encodeNpy, parseNpyHeader } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeNpy({ dtype: "float32", data: new Float32Array(1000) });
 * const header = parseNpyHeader(bytes.subarray(0, 128));
 * assertEquals(header.dtype, "float32");
 * assertEquals(header.shape, [1000]);
 * ```
 */
export function parseNpyHeader(
  bytes: Uint8Array,
  name = "npy bytes",
): NpyHeader {
  const dataOffset = npyDataOffset(bytes, name);
  if (dataOffset > bytes.length) {
    throw new RangeError(
      `Cannot read ${name}: its header ends at byte ${dataOffset}, ` +
        `there is nothing from byte ${bytes.length}`,
    );
  }
  const start = prefixSize(bytes[6]!);
  const fields = parseFields(bytes.subarray(start, dataOffset), start, {
    name,
    utf8: bytes[6] === 3,
  });
  const shape = readShape(fields.get("shape")!, name);
  const fortranOrder = fields.get("fortran_order");
  if (typeof fortranOrder !== "boolean") {
    throw invalid(name, "fortran_order is neither True nor False");
  }
  const { dtype, littleEndian } = readDType(fields.get("descr")!, name);
  return { dtype, shape, fortranOrder, littleEndian, dataOffset };
}

/**
 * Where the content of an npy file begins, from its first
 * {@linkcode NPY_PREFIX_SIZE} bytes.
 *
 * @param bytes The first bytes of the file.
 * @param name What messages call the file.
 * @returns The offset that the file claims; it may lie past its end.
 * @throws {SyntaxError} If it is not an npy file of a known version.
 * @throws {RangeError} If there are too few bytes, or the header is absurd.
 */
export function npyDataOffset(bytes: Uint8Array, name = "npy bytes"): number {
  const offset = MAGIC.findIndex((value, index) => bytes[index] !== value);
  if (offset >= 0 && offset < bytes.length) {
    throw invalid(name, `it is not an npy file, at byte ${offset}`);
  }
  const size = prefixSize(bytes[6] ?? 1);
  if (bytes.length < size) {
    throw new RangeError(
      `Cannot read ${name}: it ends at byte ${bytes.length}, inside its header`,
    );
  }
  const [major, minor] = [bytes[6]!, bytes[7]!];
  if (major < 1 || major > 3 || minor !== 0) {
    throw invalid(
      name,
      `it is of npy version ${major}.${minor}, at byte 6; known are 1.0, 2.0 and 3.0`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1
    ? view.getUint16(8, true)
    : view.getUint32(8, true);
  if (length <= MAXIMUM_HEADER_SIZE) return size + length;
  throw new RangeError(
    `Cannot read ${name}: its header claims ${length} bytes, at byte 8; ` +
      `at most ${MAXIMUM_HEADER_SIZE} are read`,
  );
}

/**
 * How many elements an array of a shape has.
 *
 * @param shape The size of each axis.
 * @returns The product, 1 for no axes.
 */
export function countElements(shape: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Checks that a file is exactly as long as its header demands, before
 * anything is allocated by what the header claims.
 *
 * @param header The header.
 * @param byteLength The true size of the whole file.
 * @param name What messages call the file.
 * @throws {RangeError} If it is shorter or longer.
 */
export function checkNpyLength(
  header: NpyHeader,
  byteLength: number,
  name = "npy bytes",
): void {
  const { dtype, shape, dataOffset } = header;
  const wanted = dataOffset + countElements(shape) * itemSize(dtype);
  if (wanted === byteLength) return;
  const what = `${formatShape(shape)} of ${dtype} from byte ${dataOffset}`;
  const why = byteLength < wanted
    ? `truncated at byte ${byteLength}`
    : `followed by other bytes from byte ${wanted} to ${byteLength}`;
  throw new RangeError(
    `Cannot read ${name}: ${what} takes ${wanted} bytes, the file is ${why}`,
  );
}

/**
 * Writes a header byte by byte as numpy does, with room for the first axis
 * (the last in Fortran order) to grow.
 *
 * @param header What it is to say; numbers are little-endian.
 * @returns The bytes, a multiple of 64.
 */
export function formatNpyHeader(
  header: Pick<NpyHeader, "dtype" | "shape" | "fortranOrder">,
): Uint8Array {
  const { dtype, shape, fortranOrder } = header;
  return formatHeader(describe(dtype), shape, fortranOrder);
}

/**
 * Writes the header of an array of texts in C order, which is not read here.
 *
 * @param descr What numpy calls the type, as `<U7` or `|S3`.
 * @param shape The size of each axis.
 * @returns The bytes, a multiple of 64.
 */
export function formatTextHeader(
  descr: string,
  shape: readonly number[],
): Uint8Array {
  return formatHeader(descr, shape, false);
}

function formatHeader(
  descr: string,
  shape: readonly number[],
  fortranOrder: boolean,
): Uint8Array {
  const growing = fortranOrder ? shape.at(-1) : shape[0];
  const spare = growing === undefined ? 0 : GROWTH_DIGITS - `${growing}`.length;
  const text = `{'descr': '${descr}', ` +
    `'fortran_order': ${fortranOrder ? "True" : "False"}, ` +
    `'shape': ${formatShape(shape)}, }` + " ".repeat(spare);
  return wrapHeader(text, 1) ?? wrapHeader(text, 2)!;
}

/** Adds magic, length and padding; nothing where the version has no room. */
function wrapHeader(text: string, major: 1 | 2): Uint8Array | undefined {
  const start = prefixSize(major);
  const used = start + text.length + 1;
  // numpy pads a header that is aligned by a whole 64 bytes.
  const total = used + ALIGNMENT - used % ALIGNMENT;
  if (major === 1 && total - start > 0xffff) return undefined;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set([...MAGIC, major, 0]);
  const view = new DataView(bytes.buffer);
  if (major === 1) view.setUint16(8, total - start, true);
  else view.setUint32(8, total - start, true);
  new TextEncoder().encodeInto(text, bytes.subarray(start));
  bytes[total - 1] = 0x0a;
  return bytes;
}

function prefixSize(major: number): number {
  return major === 1 ? 10 : 12;
}

function describe(dtype: DType): string {
  const code = Object.keys(CODES).find((key) => CODES[key] === dtype)!;
  return (itemSize(dtype) === 1 ? "|" : "<") + code;
}

function formatShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

function parseFields(
  bytes: Uint8Array,
  start: number,
  { name, utf8 }: { name: string; utf8: boolean },
): ReadonlyMap<string, PythonLiteral> {
  const text = decodeHeaderText(bytes, start, { name, utf8 });
  const fields = parsePythonLiteral(text, (position, why) => {
    const before = text.slice(0, position);
    const length = utf8 ? new TextEncoder().encode(before).length : position;
    return invalid(name, `${why}, at byte ${start + length}`);
  });
  if (
    fields === null || typeof fields !== "object" ||
    fields.kind !== "dictionary"
  ) {
    throw invalid(name, `its header is not a dictionary, at byte ${start}`);
  }
  const keys = [...fields.entries.keys()].sort();
  if (keys.join() !== KEYS.join()) {
    throw invalid(
      name,
      `its header has the keys ${JSON.stringify(keys)}, not ${
        JSON.stringify(KEYS)
      }`,
    );
  }
  return fields.entries;
}

function decodeHeaderText(
  bytes: Uint8Array,
  start: number,
  { name, utf8 }: { name: string; utf8: boolean },
): string {
  const encoding = utf8 ? "utf-8" : "latin1";
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalid(name, `its header is not UTF-8, at byte ${start}`);
  }
}

function readShape(shape: PythonLiteral, name: string): readonly number[] {
  if (
    shape === null || typeof shape !== "object" || shape.kind !== "tuple" ||
    !shape.items.every((size) => typeof size === "number")
  ) {
    throw invalid(name, "its shape is not a tuple of integers");
  }
  const wrong = shape.items.find((size) =>
    !Number.isSafeInteger(size) || size < 0
  );
  if (wrong === undefined) return shape.items.map((size) => size + 0);
  throw new RangeError(
    `Cannot read ${name}: its shape has an axis of size ${wrong}`,
  );
}

function readDType(
  descr: PythonLiteral,
  name: string,
): { dtype: DType; littleEndian: boolean } {
  if (typeof descr !== "string") throw refused(name, descr);
  const [, order, code] = /^([<>=|]?)(.*)$/s.exec(descr)!;
  if (!Object.hasOwn(CODES, code!)) throw refused(name, descr);
  return { dtype: CODES[code!]!, littleEndian: order !== ">" };
}

function refused(name: string, descr: PythonLiteral): TypeError {
  const structured = descr !== null && typeof descr === "object";
  const text = structured && descr.kind !== "dictionary"
    ? descr.text
    : `${descr}`;
  const letter = /^[<>=|]?([A-Za-z])/.exec(text)?.[1] ?? "";
  const what = structured ? "structured data" : REFUSED[letter];
  return new TypeError(
    `Cannot read ${name}: its dtype ${JSON.stringify(text.slice(0, 80))}` +
      `${what === undefined ? "" : ` (${what})`} is neither a number nor bool`,
  );
}

function invalid(name: string, why: string): SyntaxError {
  return new SyntaxError(`Cannot read ${name}: ${why}`);
}
