/**
 * What an HDF5 file says of its objects: their headers, of both versions. The
 * library takes as much memory as they claim before it looks whether the file
 * has that, so whoever asks it for an object reads them here first.
 */
import type { FileSource } from "./file_source.ts";

/** A message of an object, which says something of it. */
export interface Hdf5Message {
  /** What it says, by its number. */
  readonly type: number;
  /** How it says it, a bit each. */
  readonly flags: number;
  /** What is said. */
  readonly content: DataView;
}

/** The bit of a message whose content is elsewhere. */
export const SHARED = 2;

const SIGNATURE = 0x89484446;
const V2_SIGNATURE = 0x4f484452;
const V1_HEADER_BYTES = 16;
/** The message of a part of a header that is elsewhere. */
const CONTINUATION = 16;
/** The message of where a group of the old kind has its names. */
const SYMBOL_TABLE = 17;

const NAMES_SIGNATURE = 0x48454150;
const NAMES_HEADER_BYTES = 32;

/**
 * Reads what a file says of an object.
 *
 * @param source The file.
 * @param reference What the library makes of the path: the address of the
 * object.
 * @returns The messages, or undefined where the library has to read them.
 * @throws {Error} If parts of the header are not in the file.
 */
export function readHdf5Messages(
  source: FileSource,
  reference: Uint8Array,
): readonly Hdf5Message[] | undefined {
  if (reference.length < 8 || !readSuperblock(source)) return undefined;
  const { buffer, byteOffset } = reference;
  const address = new DataView(buffer, byteOffset).getBigUint64(0, true);
  return readMessages(source, Number(address));
}

/**
 * Checks that a file has what an object claims to be described by, and of a
 * group of the old kind also the names of what is in it.
 *
 * @param source The file.
 * @param reference What the library makes of the path: the address of the
 * object.
 * @throws {Error} If it has not.
 */
export function checkHdf5Object(
  source: FileSource,
  reference: Uint8Array,
): void {
  checkNames(source, readHdf5Messages(source, reference) ?? []);
}

/**
 * Checks that of the root of a file, which is read when the file is opened.
 *
 * @param source The file.
 * @throws {Error} If the file is cut off, or has not what the root claims to be
 * described by.
 */
export function checkHdf5Root(source: FileSource): void {
  const block = readSuperblock(source);
  if (block === undefined) return;
  const { byteLength } = source;
  if (block.end > byteLength) {
    throw new Error(
      `it is cut off: it has ${byteLength} of ${block.end} bytes`,
    );
  }
  checkNames(source, readMessages(source, block.root) ?? []);
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

/**
 * Where the file ends and the root is, where addresses have 8 bytes and count
 * from the start of the file.
 */
function readSuperblock(
  source: FileSource,
): { readonly end: bigint; readonly root: number } | undefined {
  const block = readHdf5View(source, 0, Math.min(source.byteLength, 96));
  if (!block || block.byteLength < 48) return undefined;
  if (block.getUint32(0) !== SIGNATURE) return undefined;
  const version = block.getUint8(8);
  if (version > 3) return undefined;
  const [sizes, base, root] = version < 2
    ? [13, 24 + 4 * version, 64 + 4 * version] as const
    : [9, 12, 36] as const;
  const isPlain = block.getUint8(sizes) === 8 &&
    block.getUint8(sizes + 1) === 8 &&
    block.getBigUint64(base, true) === 0n;
  if (!isPlain || root + 8 > block.byteLength) return undefined;
  return {
    end: block.getBigUint64(base + 16, true),
    root: Number(block.getBigUint64(root, true)),
  };
}

/** Undefined where there is no header at all. */
function readMessages(
  source: FileSource,
  address: number,
): Hdf5Message[] | undefined {
  const start = readHdf5View(source, address, V1_HEADER_BYTES);
  if (start === undefined) return undefined;
  if (start.getUint32(0) === V2_SIGNATURE) {
    return readMessagesV2(source, address);
  }
  if (start.getUint8(0) !== 1) return undefined;
  const length = start.getUint32(8, true);
  const header = readBlock(source, address + V1_HEADER_BYTES, length);
  return collectMessages(source, header, messagesV1);
}

function readMessagesV2(
  source: FileSource,
  address: number,
): Hdf5Message[] | undefined {
  const flags = readBlock(source, address, 6).getUint8(5);
  const sizeAt = 6 + (flags & 32 ? 16 : 0) + (flags & 16 ? 4 : 0);
  const sizeBytes = 1 << (flags & 3);
  const start = readBlock(source, address, sizeAt + sizeBytes);
  let length = 0;
  for (let at = start.byteLength - 1; at >= sizeAt; at--) {
    length = 256 * length + start.getUint8(at);
  }
  const header = readBlock(source, address + start.byteLength, length);
  const hasOrder = (flags & 4) !== 0;
  return collectMessages(source, header, (block, isFirst) =>
    // Those that go on elsewhere have a signature and a checksum around.
    messagesV2(isFirst ? block : viewOf(block, 4, -4), hasOrder));
}

type SplitMessages = (block: DataView, isFirst: boolean) => Hdf5Message[];

/** Follows messages that say where there are more, each of them once. */
function collectMessages(
  source: FileSource,
  header: DataView,
  split: SplitMessages,
): Hdf5Message[] {
  const messages = split(header, true);
  const seen = new Set<bigint>();
  for (const { type, content } of messages) {
    if (type !== CONTINUATION || content.byteLength < 16) continue;
    const address = content.getBigUint64(0, true);
    const length = content.getBigUint64(8, true);
    if (seen.has(address)) throw damaged();
    seen.add(address);
    const block = readBlock(source, Number(address), Number(length));
    if (block.byteLength >= 8) messages.push(...split(block, false));
  }
  return messages;
}

function messagesV1(block: DataView): Hdf5Message[] {
  const messages: Hdf5Message[] = [];
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

function messagesV2(block: DataView, hasOrder: boolean): Hdf5Message[] {
  const head = hasOrder ? 6 : 4;
  const messages: Hdf5Message[] = [];
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

/** The names of the old kind of groups are in a heap of their own. */
function checkNames(
  source: FileSource,
  messages: readonly Hdf5Message[],
): void {
  for (const { content, flags, type } of messages) {
    const isTable = type === SYMBOL_TABLE && (flags & SHARED) === 0 &&
      content.byteLength >= 16;
    if (!isTable) continue;
    const address = Number(content.getBigUint64(8, true));
    const heap = readBlock(source, address, NAMES_HEADER_BYTES);
    if (heap.getUint32(0) !== NAMES_SIGNATURE) throw damaged();
    const length = Number(heap.getBigUint64(8, true));
    const start = Number(heap.getBigUint64(24, true));
    if (!(start + length <= source.byteLength)) throw damaged();
  }
}

function readBlock(
  source: FileSource,
  offset: number,
  length: number,
): DataView {
  const block = readHdf5View(source, offset, length);
  if (block === undefined) throw damaged();
  return block;
}

function damaged(): Error {
  return new Error("it is damaged or cut off: parts of it are not in the file");
}

function viewOf(block: DataView, start: number, end: number): DataView {
  const last = end < 0 ? block.byteLength + end : end;
  return new DataView(block.buffer, block.byteOffset + start, last - start);
}
