/** Numbers and texts from the bytes of the chunks of zarr arrays. */
import { decodeFixedTexts } from "../io/hdf5_text.ts";
import { swapBytes } from "../io/hdf5_types.ts";
import { decodeLatin1 } from "../io/latin1.ts";
import { countOf } from "../io/plural.ts";
import type { StoredNumbers } from "./nodes.ts";
import type { ZarrField, ZarrType } from "./zarr_types.ts";

/** What a chunk holds. */
export type ChunkValues = StoredNumbers | string[];

/** What the bytes of a chunk are. */
export interface ChunkLayout {
  /** The type of the values. */
  readonly type: ZarrType;
  /** The number of them. */
  readonly count: number;
  /** Whether the highest byte of each comes first. */
  readonly isBig: boolean;
  /** The field to take, of a compound type. */
  readonly field?: ZarrField | undefined;
}

const DECODER = new TextDecoder("utf-8", { fatal: true });
/** What a text takes in memory beside its letters. */
const TEXT_BYTES = 24;

/**
 * Decodes a chunk.
 *
 * @param bytes Its bytes, unpacked.
 * @param layout What they are.
 * @returns The values.
 * @throws {Error} If there are not as many as there should be, or a text is
 * not one; with the reason.
 */
export function decodeChunk(
  bytes: Uint8Array,
  { type, count, isBig, field }: ChunkLayout,
): ChunkValues {
  if (type.kind === "text") return decodeVlenTexts(bytes, count);
  if (bytes.length !== count * type.itemBytes) {
    throw new Error(
      `it has ${bytes.length} bytes instead of ${count * type.itemBytes}`,
    );
  }
  if (field === undefined) return decodeValues(bytes, type, isBig);
  const picked = gather(bytes, type.itemBytes, field);
  return decodeValues(picked, field.type, isBig || field.type.isBig);
}

/**
 * How much memory values take.
 *
 * @param values The values.
 * @returns About how many bytes.
 */
export function memoryBytes(values: ChunkValues): number {
  if (!Array.isArray(values)) return values.byteLength;
  let bytes = TEXT_BYTES * values.length;
  for (const text of values) bytes += text.length;
  return bytes;
}

function decodeValues(
  bytes: Uint8Array,
  type: ZarrType,
  isBig: boolean,
): ChunkValues {
  const { itemBytes, numbers } = type;
  if (type.kind === "bytes" && itemBytes > 0) {
    return decodeFixedTexts(bytes, { size: itemBytes, strpad: 1, start: 0 });
  }
  if (type.kind === "utf32") return decodeUtf32(bytes, itemBytes, isBig);
  if (numbers === undefined) throw new Error(`it holds ${type.typeName}`);
  const isAligned = bytes.byteOffset % itemBytes === 0;
  const own = isBig && itemBytes > 1 || !isAligned ? bytes.slice() : bytes;
  if (isBig && itemBytes > 1) swapBytes(own, itemBytes);
  const { buffer, byteOffset, length } = own;
  const values = new numbers(buffer, byteOffset, length / itemBytes);
  return type.kind === "bool"
    ? Uint8Array.from(own, (one) => +(one !== 0))
    : values;
}

function decodeVlenTexts(bytes: Uint8Array, count: number): string[] {
  if (bytes.length < 4) throw new Error("its texts are cut off");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = view.getUint32(0, true);
  if (found !== count || 4 + 4 * count > bytes.length) {
    throw new Error(`it has ${countOf(found, "text")} instead of ${count}`);
  }
  // A call for each of many short texts would take most of the time.
  const letters = decodeLatin1(bytes);
  const texts = new Array<string>(count);
  let at = 4;
  for (let index = 0; index < count; index++) {
    const start = at + 4;
    if (start > bytes.length) throw new Error("its texts are cut off");
    const end = start + view.getUint32(at, true);
    if (end > bytes.length) throw new Error("its texts are cut off");
    texts[index] = isAscii(bytes, start, end)
      ? letters.slice(start, end)
      : decodeText(bytes.subarray(start, end), index);
    at = end;
  }
  return texts;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at]! > 127) return false;
  }
  return true;
}

function decodeText(bytes: Uint8Array, index: number): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new Error(`text ${index} of a chunk is not UTF-8`);
  }
}

function decodeUtf32(
  bytes: Uint8Array,
  itemBytes: number,
  isBig: boolean,
): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const texts: string[] = [];
  for (let start = 0; start < bytes.length; start += itemBytes) {
    let end = start + itemBytes;
    while (end > start && view.getUint32(end - 4, !isBig) === 0) end -= 4;
    let text = "";
    for (let at = start; at < end; at += 4) {
      const code = view.getUint32(at, !isBig);
      if (code > 0x10ffff) {
        throw new Error(`text ${texts.length} of a chunk is not Unicode`);
      }
      text += String.fromCodePoint(code);
    }
    texts.push(text);
  }
  return texts;
}

function gather(
  bytes: Uint8Array,
  recordBytes: number,
  field: ZarrField,
): Uint8Array {
  const count = bytes.length / recordBytes;
  const size = field.extents.reduce(
    (all, one) => all * one,
    field.type.itemBytes,
  );
  const picked = new Uint8Array(count * size);
  for (let at = 0; at < count; at++) {
    const start = at * recordBytes + field.offset;
    picked.set(bytes.subarray(start, start + size), at * size);
  }
  return picked;
}
