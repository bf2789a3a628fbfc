/**
 * The lists of chunks that HDF5 writes since version 1.10, where it is told to
 * (`libver="latest"`): of datasets of one dimension and fixed length. The
 * library reads all others of them.
 */
import type { FileSource } from "./file_source.ts";
import type { Hdf5ChunkPlace } from "./hdf5_index.ts";
import { readHdf5Messages, readHdf5View, SHARED } from "./hdf5_messages.ts";

/** Finds a chunk by its number; undefined where it was never written. */
export type FindHdf5Chunk = (chunk: number) => Hdf5ChunkPlace | undefined;

const LAYOUT = 8;
const VERSION = 4;
const CHUNKED = 2;
/** How chunks are listed: there is one, or an array of them. */
const SINGLE = 1;
const FIXED_ARRAY = 3;
/** The layout of one chunk that went through filters. */
const IS_FILTERED = 2;

const ARRAY = 0x46414844;
const ARRAY_BYTES = 28;
const BLOCK = 0x46414442;
const BLOCK_HEAD_BYTES = 14;
const CHECKSUM_BYTES = 4;
/** Where there is no chunk. */
const NOWHERE = 2n ** 64n - 1n;

/** What the list says of a dataset. */
interface Listed {
  readonly source: FileSource;
  /** The number of chunks. */
  readonly count: number;
  /** The bytes of a chunk without filters. */
  readonly byteLength: number;
}

/**
 * Finds the chunks of a dataset of one dimension.
 *
 * @param source The file.
 * @param reference What the library makes of the path of the dataset.
 * @param chunks How many there are, and the bytes of one without filters.
 * @returns What finds them, or undefined where the library has to.
 * @throws {Error} If the list is damaged; with the reason.
 */
export function findHdf5Chunks(
  source: FileSource,
  reference: Uint8Array,
  chunks: { readonly count: number; readonly byteLength: number },
): FindHdf5Chunk | undefined {
  const messages = readHdf5Messages(source, reference) ?? [];
  const layouts = messages.filter(({ type }) => type === LAYOUT);
  const [layout] = layouts;
  if (layouts.length !== 1 || !layout || (layout.flags & SHARED) !== 0) {
    return undefined;
  }
  const { content } = layout;
  const [version, kind, flags, dimensions, width] = [0, 1, 2, 3, 4]
    .map((at) => content.byteLength > at ? content.getUint8(at) : 0);
  // The bytes of a value count as a dimension.
  const isKnown = version === VERSION && kind === CHUNKED && dimensions === 2 &&
    (flags === 0 || flags === IS_FILTERED);
  const at = 5 + 2 * width!;
  if (!isKnown || content.byteLength < at + 9) return undefined;
  const listed = { ...chunks, source };
  switch (content.getUint8(at)) {
    case SINGLE:
      return findSingle(listed, viewFrom(content, at + 1), flags !== 0);
    case FIXED_ARRAY:
      return findInArray(listed, content.getBigUint64(at + 2, true));
    default:
      return undefined;
  }
}

function findSingle(
  { byteLength, count, source }: Listed,
  said: DataView,
  isFiltered: boolean,
): FindHdf5Chunk | undefined {
  const addressAt = isFiltered ? 12 : 0;
  if (count !== 1 || said.byteLength < addressAt + 8) return undefined;
  const address = said.getBigUint64(addressAt, true);
  const place = placeOf(source, address, {
    byteLength: isFiltered ? Number(said.getBigUint64(0, true)) : byteLength,
    skipped: isFiltered ? said.getUint32(8, true) : 0,
  });
  return () => place;
}

/** An entry a chunk, in one block or in pages. */
function findInArray(
  { byteLength, count, source }: Listed,
  place: bigint,
): FindHdf5Chunk | undefined {
  if (place === NOWHERE) return () => undefined;
  const head = readHdf5View(source, Number(place), ARRAY_BYTES);
  if (head?.getUint32(0) !== ARRAY) throw damaged();
  const isFiltered = head.getUint8(5) === 1;
  const entryBytes = head.getUint8(6);
  const pageLength = 2 ** head.getUint8(7);
  const length = Number(head.getBigUint64(8, true));
  const block = head.getBigUint64(16, true);
  const sizeBytes = entryBytes - 12;
  const isRight = length === count &&
    (isFiltered ? sizeBytes > 0 && sizeBytes <= 8 : entryBytes === 8);
  if (!isRight) throw damaged();
  if (block === NOWHERE) return () => undefined;
  const entryAt = entriesOf(source, Number(block), {
    entryBytes,
    length,
    pageLength,
  });
  return (chunk) => {
    const entry = entryAt(chunk);
    if (entry === undefined) return undefined;
    const address = entry.getBigUint64(0, true);
    if (!isFiltered) {
      return placeOf(source, address, { byteLength, skipped: 0 });
    }
    let size = 0;
    for (let at = 7 + sizeBytes; at >= 8; at--) {
      size = 256 * size + entry.getUint8(at);
    }
    const skipped = entry.getUint32(8 + sizeBytes, true);
    return placeOf(source, address, { byteLength: size, skipped });
  };
}

/** Finds an entry; there is none on a page that was never written. */
function entriesOf(
  source: FileSource,
  address: number,
  { entryBytes, length, pageLength }: {
    readonly entryBytes: number;
    readonly length: number;
    readonly pageLength: number;
  },
): (chunk: number) => DataView | undefined {
  const isPaged = length > pageLength;
  const pages = isPaged ? Math.ceil(length / pageLength) : 0;
  const maskBytes = Math.ceil(pages / 8);
  const head = readHdf5View(source, address, BLOCK_HEAD_BYTES + maskBytes);
  if (head?.getUint32(0) !== BLOCK) throw damaged();
  const start = address + head.byteLength;
  return (chunk) => {
    const page = isPaged ? Math.floor(chunk / pageLength) : 0;
    const byte = isPaged ? head.getUint8(BLOCK_HEAD_BYTES + (page >> 3)) : 255;
    if ((byte & (128 >> (page & 7))) === 0) return undefined;
    // A checksum is behind the head and each page.
    const checksums = isPaged ? CHECKSUM_BYTES * (page + 1) : 0;
    const at = start + checksums + chunk * entryBytes;
    const entry = readHdf5View(source, at, entryBytes);
    if (entry === undefined) throw damaged();
    return entry;
  };
}

function placeOf(
  source: FileSource,
  address: bigint,
  { byteLength, skipped }: Omit<Hdf5ChunkPlace, "address">,
): Hdf5ChunkPlace | undefined {
  if (address === NOWHERE) return undefined;
  const isInside = Number(address) + byteLength <= source.byteLength;
  if (!isInside) throw damaged();
  return { address: Number(address), byteLength, skipped };
}

function viewFrom({ buffer, byteLength, byteOffset }: DataView, at: number) {
  return new DataView(buffer, byteOffset + at, byteLength - at);
}

function damaged(): Error {
  return new Error("the list of its chunks is damaged or cut off");
}
