/**
 * Where an HDF5 file has the values of a dataset, as far as that is said in
 * the way that almost all files say it. The library has no function for it,
 * and decodes chunks several times slower than the runtime does.
 */
import type { FileSource } from "./file_source.ts";

/** Where the values of a dataset are. */
export type Hdf5Layout =
  | { readonly kind: "contiguous"; readonly address: number }
  | { readonly kind: "chunked"; readonly address: number };

const SIGNATURE = 0x89484446;
const V1_HEADER_BYTES = 16;
const MOST_HEADER_BYTES = 2 ** 20;
const CONTIGUOUS = 1;
const CHUNKED = 2;
/** The numbers of the messages of an object that are of interest. */
const DATATYPE = 3;
const EXTERNAL_FILES = 7;
const LAYOUT = 8;
const CONTINUATION = 16;

/** A message whose content is elsewhere. */
const SHARED = 2;
/** The classes of types that numbers are of. */
const INTEGER = 0;
const FLOAT = 1;

/** Bits of exponent and fraction of floating-point numbers, by their bytes. */
const FLOATS: Readonly<Record<number, readonly [number, number]>> = {
  2: [5, 10],
  4: [8, 23],
  8: [11, 52],
};

/** A message of an object, which says something of it. */
export interface Hdf5Message {
  /** What it says, by its number. */
  readonly type: number;
  /** How it says it, a bit each. */
  readonly flags: number;
  /** What is said. */
  readonly content: DataView;
}

type Message = Hdf5Message;

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

/**
 * Reads what a file says of an object.
 *
 * @param source The file.
 * @param reference What the library makes of the path: the address of the
 * object.
 * @returns The messages, or undefined where the library has to read them.
 */
export function readHdf5Messages(
  source: FileSource,
  reference: Uint8Array,
): readonly Hdf5Message[] | undefined {
  if (reference.length < 8 || !hasPlainAddresses(source)) return undefined;
  const { buffer, byteOffset } = reference;
  const address = new DataView(buffer, byteOffset).getBigUint64(0, true);
  return readMessages(source, Number(address));
}

/**
 * Reads a part of a file.
 *
 * @param source The file.
 * @param offset The first byte.
 * @param length How many bytes.
 * @returns The part, or undefined where it passes the end.
 */
export function readHdf5View(
  source: FileSource,
  offset: number,
  length: number,
): DataView | undefined {
  const isInside = Number.isSafeInteger(offset) && offset >= 0 &&
    offset + length <= source.byteLength;
  if (!isInside) return undefined;
  const bytes = new Uint8Array(length);
  source.read(offset, bytes);
  return new DataView(bytes.buffer);
}

/** Whether addresses have 8 bytes and count from the start of the file. */
function hasPlainAddresses(source: FileSource): boolean {
  const block = readHdf5View(source, 0, 48);
  if (block?.getUint32(0) !== SIGNATURE) return false;
  const version = block.getUint8(8);
  const [sizes, base] = version < 2
    ? [13, version === 0 ? 24 : 28]
    : version < 4
    ? [9, 12]
    : [undefined, 0];
  return sizes !== undefined && block.getUint8(sizes) === 8 &&
    block.getUint8(sizes + 1) === 8 && block.getBigUint64(base, true) === 0n;
}

function parseLayout({ content, flags }: Message): Hdf5Layout | undefined {
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

function readMessages(
  source: FileSource,
  address: number,
): Message[] | undefined {
  const start = readHdf5View(source, address, V1_HEADER_BYTES);
  if (start === undefined) return undefined;
  if (start.getUint32(0) === 0x4f484452) return readMessagesV2(source, address);
  const length = start.getUint32(8, true);
  if (start.getUint8(0) !== 1 || length > MOST_HEADER_BYTES) return undefined;
  const header = readHdf5View(source, address + V1_HEADER_BYTES, length);
  return header && collectMessages(source, header, messagesV1);
}

function readMessagesV2(
  source: FileSource,
  address: number,
): Message[] | undefined {
  const flags = readHdf5View(source, address, 6)!.getUint8(5);
  const sizeAt = 6 + (flags & 32 ? 16 : 0) + (flags & 16 ? 4 : 0);
  const sizeBytes = 1 << (flags & 3);
  const start = readHdf5View(source, address, sizeAt + sizeBytes);
  if (start === undefined || sizeBytes === 8) return undefined;
  const length = sizeBytes === 1
    ? start.getUint8(sizeAt)
    : sizeBytes === 2
    ? start.getUint16(sizeAt, true)
    : start.getUint32(sizeAt, true);
  if (length > MOST_HEADER_BYTES) return undefined;
  const header = readHdf5View(source, address + start.byteLength, length);
  const hasOrder = (flags & 4) !== 0;
  return header &&
    collectMessages(source, header, (block, isFirst) =>
      // Those that go on elsewhere have a signature and a checksum around.
      messagesV2(isFirst ? block : viewOf(block, 4, -4), hasOrder));
}

type SplitMessages = (block: DataView, isFirst: boolean) => Message[];

/** Follows messages that say where there are more, each of them once. */
function collectMessages(
  source: FileSource,
  header: DataView,
  split: SplitMessages,
): Message[] | undefined {
  const messages = split(header, true);
  const seen = new Set<bigint>();
  for (const { type, content } of messages) {
    if (type !== CONTINUATION || content.byteLength < 16) continue;
    const address = content.getBigUint64(0, true);
    const length = content.getBigUint64(8, true);
    if (seen.has(address) || length > BigInt(MOST_HEADER_BYTES)) {
      return undefined;
    }
    seen.add(address);
    const block = readHdf5View(source, Number(address), Number(length));
    if (block === undefined || block.byteLength < 8) return undefined;
    messages.push(...split(block, false));
  }
  return messages;
}

function messagesV1(block: DataView): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + 8 <= block.byteLength;) {
    const length = block.getUint16(at + 2, true);
    if (at + 8 + length > block.byteLength) break;
    messages.push({
      type: block.getUint16(at, true),
      flags: block.getUint8(at + 4),
      content: viewOf(block, at + 8, at + 8 + length),
    });
    at += 8 + length;
  }
  return messages;
}

function messagesV2(block: DataView, hasOrder: boolean): Message[] {
  const head = hasOrder ? 6 : 4;
  const messages: Message[] = [];
  for (let at = 0; at + head <= block.byteLength;) {
    const length = block.getUint16(at + 1, true);
    if (at + head + length > block.byteLength) break;
    messages.push({
      type: block.getUint8(at),
      flags: block.getUint8(at + 3),
      content: viewOf(block, at + head, at + head + length),
    });
    at += head + length;
  }
  return messages;
}

function viewOf(block: DataView, start: number, end: number): DataView {
  const last = end < 0 ? block.byteLength + end : end;
  return new DataView(block.buffer, block.byteOffset + start, last - start);
}
