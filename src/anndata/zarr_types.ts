/** The types of values in zarr arrays, of both versions. */
import type { ElementClass, StoredNumbers } from "./nodes.ts";

/** A class of arrays of numbers. */
export type NumbersClass = {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): StoredNumbers;
  new (buffer: ArrayBufferLike, offset: number, length: number): StoredNumbers;
};

/** How a value is kept. */
export type ZarrKind =
  | "number"
  | "bool"
  | "utf32"
  | "bytes"
  | "text"
  | "compound"
  | "other";

/** The type of the values of an array. */
export interface ZarrType {
  /** How they are kept. */
  readonly kind: ZarrKind;
  /** What they are. */
  readonly elementClass: ElementClass;
  /** The type as people call it. */
  readonly typeName: string;
  /** The bytes of a value; 0 for texts of any length. */
  readonly itemBytes: number;
  /** Whether the highest byte comes first; in version 3 a codec says it. */
  readonly isBig: boolean;
  /** The class of arrays for numbers and bools. */
  readonly numbers?: NumbersClass;
  /** The fields of a compound type. */
  readonly fields?: readonly ZarrField[];
}

/** A field of a compound type. */
export interface ZarrField {
  /** Its name. */
  readonly name: string;
  /** Where it starts in a value. */
  readonly offset: number;
  /** Its type. */
  readonly type: ZarrType;
  /** Its extents, where it is an array. */
  readonly extents: readonly number[];
}

const NUMBERS: Readonly<Record<string, NumbersClass>> = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array as unknown as NumbersClass,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array as unknown as NumbersClass,
  float16: Float16Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** The letters of numpy, and what they stand for. */
const LETTERS: Readonly<Record<string, string>> = {
  i: "int",
  u: "uint",
  f: "float",
};

/** The most bytes of a value; a longer text is a lie. */
const MOST_ITEM_BYTES = 2 ** 20;
const MOST_FIELDS = 2 ** 14;

/** The type of texts of any length. */
export const TEXT: ZarrType = {
  kind: "text",
  elementClass: "string",
  typeName: "string",
  itemBytes: 0,
  isBig: false,
};

/**
 * Reads a type of version 2.
 *
 * @param dtype What the metadata say: a name of numpy, or a list of fields.
 * @param hasTexts Whether objects are texts.
 * @returns The type.
 * @throws {Error} If it can't be made out; with the reason.
 */
export function parseTypeV2(dtype: unknown, hasTexts: boolean): ZarrType {
  if (Array.isArray(dtype)) return parseFields(dtype);
  if (typeof dtype !== "string") throw unknownType(dtype);
  const [, order, letter, digits] = /^([<>|=])([a-zA-Z])(\d*)/.exec(dtype) ??
    [];
  if (letter === undefined) throw unknownType(dtype);
  const isBig = order === ">";
  const size = Number(digits);
  if (letter === "O") return hasTexts ? TEXT : other("object", 0);
  if (letter === "b" && size === 1) return bool();
  if (letter in LETTERS) {
    const name = `${LETTERS[letter]}${8 * size}`;
    return NUMBERS[name] ? number(name, isBig) : other(dtype, size);
  }
  if (letter === "U") return { ...text("utf32", 4 * size), isBig };
  if (letter === "S") return text("bytes", size);
  return other(dtype, size);
}

/**
 * Reads a type of version 3.
 *
 * @param dataType What the metadata say: a name, or a name and what is to it.
 * @returns The type.
 * @throws {Error} If it can't be made out; with the reason.
 */
export function parseTypeV3(dataType: unknown): ZarrType {
  const { name, configuration = {} } = typeof dataType === "string"
    ? { name: dataType }
    : (dataType ?? {}) as {
      name?: unknown;
      configuration?: { length_bytes?: unknown };
    };
  if (typeof name !== "string") throw unknownType(dataType);
  const { length_bytes: bytes } = configuration as { length_bytes?: unknown };
  switch (name) {
    case "bool":
      return bool();
    case "string":
      return TEXT;
    case "fixed_length_utf32":
      return text("utf32", Number(bytes));
    case "null_terminated_bytes":
      return text("bytes", Number(bytes));
    case "struct":
    case "structured":
      return parseStruct((configuration as { fields?: unknown }).fields);
  }
  return NUMBERS[name] ? number(name, false) : other(name, 0);
}

/**
 * Reads what stands for values that are not there.
 *
 * @param type Their type.
 * @param value What the metadata say.
 * @returns The value; undefined for one that can't be made out, which matters
 * only where values are not there.
 * @throws {Error} If it is none of the type; with the reason.
 */
export function parseFill(
  type: ZarrType,
  value: unknown,
): number | string | undefined {
  const isText = type.elementClass === "string";
  if (value === null || value === undefined) return isText ? "" : 0;
  if (isText) return parseTextFill(type, value);
  if (type.numbers === undefined) return isZeros(value) ? 0 : undefined;
  const parsed = typeof value === "string"
    ? parseNumberText(type, value)
    : Number(value);
  if (type.elementClass !== "float" && !Number.isInteger(parsed)) {
    throw new Error(`its fill value ${JSON.stringify(value)} is no integer`);
  }
  // JSON has lost the lowest digits of larger ones.
  const isExact = type.elementClass === "float" || Number.isSafeInteger(parsed);
  return isExact ? parsed : undefined;
}

/** Fill values of compound types are their bytes, as base64. */
function isZeros(value: unknown): boolean {
  return value === 0 || typeof value === "string" && /^A*=*$/.test(value);
}

function parseTextFill(type: ZarrType, value: unknown): string {
  // Zero is what older versions write for an empty text.
  if (value === 0) return "";
  if (typeof value !== "string") {
    throw new Error(`its fill value ${JSON.stringify(value)} is no text`);
  }
  if (type.kind !== "bytes") return value;
  try {
    const bytes = Uint8Array.fromBase64(value);
    return new TextDecoder().decode(bytes).replace(/\0.*$/s, "");
  } catch {
    return value;
  }
}

const SPECIAL: Readonly<Record<string, number>> = {
  NaN: NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
};

function parseNumberText(type: ZarrType, value: string): number {
  const special = SPECIAL[value];
  if (special !== undefined) return special;
  const digits = /^0x([0-9a-f]+)$/i.exec(value)?.[1];
  if (digits?.length !== 2 * type.itemBytes) {
    throw new Error(`its fill value ${JSON.stringify(value)} is no number`);
  }
  const bytes = Uint8Array.fromHex(digits).reverse();
  return Number(new type.numbers!(bytes.buffer, 0, 1)[0]);
}

function parseFields(list: readonly unknown[]): ZarrType {
  return compound(list.map((item) => {
    const [name, dtype, extents = []] = Array.isArray(item) ? item : [];
    if (typeof name !== "string" || !isExtents(extents)) {
      throw unknownType(list);
    }
    return { name, type: parseTypeV2(dtype, false), extents };
  }));
}

/** Fields are objects, or lists of a name and a type. */
function parseStruct(list: unknown): ZarrType {
  if (!Array.isArray(list)) throw unknownType(list);
  return compound(list.map((item) => {
    const { name, data_type: type } = Array.isArray(item)
      ? { name: item[0], data_type: item[1] }
      : (item ?? {}) as { name?: unknown; data_type?: unknown };
    if (typeof name !== "string") throw unknownType(list);
    return { name, type: parseTypeV3(type), extents: [] };
  }));
}

/** Fields lie one behind the other, with no gaps. */
function compound(list: readonly Omit<ZarrField, "offset">[]): ZarrType {
  let offset = 0;
  const fields = list.map((field) => {
    const at = offset;
    offset += field.extents.reduce(
      (all, one) => all * one,
      field.type.itemBytes,
    );
    return { ...field, offset: at };
  });
  const isKnown = fields.length > 0 && fields.length <= MOST_FIELDS &&
    offset <= MOST_ITEM_BYTES &&
    fields.every(({ type }) => type.itemBytes > 0);
  if (!isKnown) throw unknownType(list.map(({ name }) => name));
  return { ...other("compound", offset), ...COMPOUND, fields };
}

const COMPOUND = { kind: "compound", elementClass: "compound" } as const;

function isExtents(value: unknown): value is number[] {
  return Array.isArray(value) && value.length < 32 &&
    value.every((one) => Number.isSafeInteger(one) && one > 0);
}

function number(typeName: string, isBig: boolean): ZarrType {
  const elementClass = typeName.startsWith("float") ? "float" : "integer";
  const itemBytes = Number(/\d+/.exec(typeName)![0]) / 8;
  const numbers = NUMBERS[typeName]!;
  return { kind: "number", elementClass, typeName, itemBytes, isBig, numbers };
}

function bool(): ZarrType {
  return {
    kind: "bool",
    elementClass: "bool",
    typeName: "bool",
    itemBytes: 1,
    isBig: false,
    numbers: Uint8Array,
  };
}

function text(kind: "utf32" | "bytes", itemBytes: number): ZarrType {
  const isFine = Number.isSafeInteger(itemBytes) && itemBytes >= 0 &&
    itemBytes <= MOST_ITEM_BYTES && (kind === "bytes" || itemBytes % 4 === 0);
  if (!isFine) throw new Error(`it has texts of ${itemBytes} bytes`);
  return { ...TEXT, kind, itemBytes };
}

function other(typeName: string, itemBytes: number): ZarrType {
  const size = itemBytes <= MOST_ITEM_BYTES ? itemBytes : 0;
  return {
    kind: "other",
    elementClass: "other",
    typeName,
    itemBytes: size,
    isBig: false,
  };
}

function unknownType(dtype: unknown): Error {
  const text = JSON.stringify(dtype) ?? "nothing";
  return new Error(`its type ${text.slice(0, 60)} is not known`);
}
