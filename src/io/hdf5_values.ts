/** Numbers and texts from the bytes that values of an HDF5 file have. */
import { decodeFixedTexts, readPointedTexts } from "./hdf5_text.ts";
import {
  type Hdf5Numbers,
  type Hdf5Type,
  isLeftSwapped,
  numbersClassOf,
  swapBytes,
  typeClassOf,
  unpackArrayType,
} from "./hdf5_types.ts";

/** Where the values that are asked for are in the values of a dataset. */
export interface Hdf5Slot {
  /** Their type. */
  readonly type: Hdf5Type;
  /** The extents of what there is of them in each value; empty for one. */
  readonly extents: readonly number[];
  /** Where they start in a value of the dataset. */
  readonly offset: number;
  /** The bytes of a value of the dataset. */
  readonly recordBytes: number;
  /** Whether they have to be turned around. */
  readonly isSwapped: boolean;
}

/**
 * Finds the values of a type, or of one of its fields.
 *
 * @param whole The type of a dataset.
 * @param name The field, where the type is compound.
 * @returns Where they are, or undefined if there is no such field.
 */
export function slotOf(whole: Hdf5Type, name?: string): Hdf5Slot | undefined {
  const recordBytes = whole.size;
  if (name === undefined) {
    const { type, extents } = unpackArrayType(whole);
    return { type, extents, offset: 0, recordBytes, isSwapped: false };
  }
  const member = whole.compound_type?.members.find((one) => one.name === name);
  if (member === undefined) return undefined;
  const { type, extents } = unpackArrayType(member);
  const isSwapped = isLeftSwapped(whole, type);
  return { type, extents, offset: member.offset, recordBytes, isSwapped };
}

/**
 * Decodes numbers.
 *
 * @param records The bytes of values of a dataset.
 * @param slot Where in them the numbers are.
 * @returns The numbers, in memory of their own; undefined where the type is
 * none of numbers.
 */
export function decodeNumbers(
  records: Uint8Array,
  slot: Hdf5Slot,
): Hdf5Numbers | undefined {
  const numbersClass = numbersClassOf(slot.type);
  if (numbersClass === undefined) return undefined;
  const bytes = isWhole(slot) ? records.slice() : gather(records, slot);
  if (slot.isSwapped) swapBytes(bytes, slot.type.size);
  return new numbersClass(bytes.buffer as ArrayBuffer);
}

/**
 * Decodes texts.
 *
 * @param records The bytes of values of a dataset.
 * @param slot Where in them the texts are.
 * @param place The memory of the library, and the index of the first text.
 * @returns The texts; undefined where the type is none of texts.
 * @throws {SyntaxError} If one is not UTF-8; with its index.
 */
export function decodeTexts(
  records: Uint8Array,
  slot: Hdf5Slot,
  place: { readonly memory: Uint8Array; readonly start: number },
): string[] | undefined {
  const { type: { size, strpad = 0, vlen } } = slot;
  if (typeClassOf(slot.type) !== "string") return undefined;
  const bytes = isWhole(slot) ? records : gather(records, slot);
  return vlen
    ? readPointedTexts(bytes, place.memory, place.start)
    : decodeFixedTexts(bytes, { size, strpad, start: place.start });
}

/** The number of values in each value of a dataset. */
function countOf({ extents }: Hdf5Slot): number {
  return extents.reduce((all, extent) => all * extent, 1);
}

function isWhole(slot: Hdf5Slot): boolean {
  return slot.recordBytes === slot.type.size * countOf(slot);
}

/** Puts together what is scattered over the records. */
function gather(records: Uint8Array, slot: Hdf5Slot): Uint8Array {
  const { offset, recordBytes } = slot;
  const size = slot.type.size * countOf(slot);
  const count = records.length / recordBytes;
  const bytes = new Uint8Array(count * size);
  for (let at = 0; at < count; at++) {
    const start = at * recordBytes + offset;
    bytes.set(records.subarray(start, start + size), at * size);
  }
  return bytes;
}
