/**
 * Where an HDF5 file has the values of a dataset, as far as that is said in
 * the way that almost all files say it. The library has no function for it,
 * and decodes chunks several times slower than the runtime does.
 */
import type { FileSource } from "./file_source.ts";
import { type Hdf5Message, readHdf5Messages, SHARED } from "./hdf5_messages.ts";

/** Where the values of a dataset are. */
export type Hdf5Layout =
  | { readonly kind: "contiguous"; readonly address: number }
  | { readonly kind: "chunked"; readonly address: number };

const CONTIGUOUS = 1;
const CHUNKED = 2;
/** The numbers of the messages of an object that are of interest. */
const DATATYPE = 3;
const EXTERNAL_FILES = 7;
const LAYOUT = 8;
/** The classes of types that numbers are of. */
const INTEGER = 0;
const FLOAT = 1;

/** Bits of exponent and fraction of floating-point numbers, by their bytes. */
const FLOATS: Readonly<Record<number, readonly [number, number]>> = {
  2: [5, 10],
  4: [8, 23],
  8: [11, 52],
};

/**
 * Finds the values of a dataset.
 *
 * @param source The file.
 * @param reference What the library makes of the path: the address of the
 * object.
 * @returns Where the values are, or undefined where the library has to say it.
 * @throws {Error} If the values are numbers that have the bytes of usual ones,
 * but mean something else, which the library does not say; with the reason.
 */
export function findHdf5Layout(
  source: FileSource,
  reference: Uint8Array,
): Hdf5Layout | undefined {
  const messages = readHdf5Messages(source, reference);
  const type = messages?.find(({ type }) => type === DATATYPE);
  if (type !== undefined && (type.flags & SHARED) === 0) {
    checkNumbers(type.content);
  }
  // What is kept in other files is refused by the library.
  if (!messages || messages.some(({ type }) => type === EXTERNAL_FILES)) {
    return undefined;
  }
  const layouts = messages.filter(({ type }) => type === LAYOUT);
  const [layout] = layouts;
  return layouts.length === 1 && layout ? parseLayout(layout) : undefined;
}

function parseLayout({ content, flags }: Hdf5Message): Hdf5Layout | undefined {
  // A shared message has its content elsewhere.
  if (content.byteLength < 11 || (flags & SHARED) !== 0) return undefined;
  const version = content.getUint8(0);
  const layout = content.getUint8(1);
  // Version 4 lists chunks in ways of its own, and is rare.
  const isKnown = version === 3 || version === 4 && layout === CONTIGUOUS;
  if (!isKnown) return undefined;
  const at = layout === CHUNKED ? 3 : 2;
  const address = content.getBigUint64(at, true);
  // Nothing was written yet: all are the value that stands for it.
  if (address > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  switch (layout) {
    case CONTIGUOUS:
      return { kind: "contiguous", address: Number(address) };
    case CHUNKED:
      return { kind: "chunked", address: Number(address) };
    default:
      return undefined;
  }
}

/** Numbers of fewer bits, and others than IEEE has them, would be read wrong. */
function checkNumbers(type: DataView): void {
  if (type.byteLength < 12) return;
  const typeClass = type.getUint8(0) & 15;
  const size = type.getUint32(4, true);
  if (typeClass !== INTEGER && typeClass !== FLOAT) return;
  const isWhole = type.getUint16(8, true) === 0 &&
    type.getUint16(10, true) === 8 * size;
  const isUsual = typeClass === INTEGER || isUsualFloat(type, size);
  if (isWhole && isUsual) return;
  throw new Error("its numbers are of a kind that is not read");
}

function isUsualFloat(type: DataView, size: number): boolean {
  const [exponent, fraction] = FLOATS[size] ?? [];
  if (exponent === undefined || fraction === undefined) return true;
  return type.byteLength >= 20 && type.getUint8(12) === fraction &&
    type.getUint8(13) === exponent && type.getUint8(14) === 0 &&
    type.getUint8(15) === fraction &&
    type.getUint32(16, true) === 2 ** (exponent - 1) - 1;
}
