import { crc32 } from "node:zlib";
import { decompress } from "./decompress.ts";
import { FileSource } from "./file_source.ts";

/** What a zip file says of a file in it. */
interface ZipEntry {
  readonly name: string;
  /** Where its header is, which its bytes come after. */
  readonly headerOffset: number;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  /** The bytes that it takes in the zip file. */
  readonly packedBytes: number;
  /** The bytes that it has. */
  readonly byteLength: number;
}

const STORED = 0;
const DEFLATED = 8;
const IS_ENCRYPTED = 1;
/** Deflate makes nothing smaller than a thousandth and a bit. */
const MOST_DEFLATED = 1032;

/** Every folder on the way to an entry takes memory. */
const MOST_DEPTH = 64;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MOST_COMMENT = 65535;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const HEADER_SIGNATURE = 0x04034b50;
const HEADER_BYTES = 30;
const EXTRA64 = 1;
/** What stands in a field whose value is in the extra field. */
const IN_EXTRA = 0xffffffff;

/** Where the list of entries is. */
interface Directory {
  readonly offset: number;
  readonly byteLength: number;
  readonly count: number;
}

/**
 * A zip file, opened for reading: of any size, with entries that are stored or
 * deflated. Where a name occurs several times, the last one counts, as it does
 * for other programs. What an entry says of itself is checked when it is read.
 */
export class ZipArchive implements Disposable {
  /** The path of the file. */
  readonly name: string;
  readonly #source: FileSource;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  /** Where the bytes of entries start, of those that were asked for. */
  readonly #starts = new Map<string, number>();
  #unpacked: { readonly name: string; readonly bytes: Uint8Array } | undefined;

  private constructor(
    source: FileSource,
    entries: ReadonlyMap<string, ZipEntry>,
  ) {
    this.name = source.name;
    this.#source = source;
    this.#entries = entries;
  }

  /**
   * Opens a zip file.
   *
   * @param path The path of the file.
   * @returns The open zip file.
   * @throws {Error} If it is none, is cut off or damaged, or the name of an
   * entry leads out of it.
   */
  static open(path: string): ZipArchive {
    const source = FileSource.open(path);
    try {
      return new ZipArchive(source, readEntries(source));
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** The names of the files in it, in the order of the zip file. */
  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /**
   * The size of a file.
   *
   * @param name The name of the file.
   * @returns The bytes that it has, and those that it takes in the zip file;
   * undefined if there is none.
   */
  sizes(
    name: string,
  ): { readonly byteLength: number; readonly packedBytes: number } | undefined {
    return this.#entries.get(name);
  }

  /**
   * Reads a file.
   *
   * @param name The name of the file.
   * @returns Its bytes; undefined if there is none.
   * @throws {Error} If it is damaged, or packed in a way that is not known.
   */
  read(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const packed = new Uint8Array(entry.packedBytes);
    this.#source.read(this.#startOf(entry), packed);
    const bytes = this.#unpack(entry, packed);
    if (bytes.length !== entry.byteLength) {
      throw this.#error(
        name,
        `it has ${bytes.length} bytes instead of ${entry.byteLength}`,
      );
    }
    if (crc32(bytes) === entry.crc) return bytes;
    throw this.#error(name, "it is damaged: its checksum is wrong");
  }

  /**
   * Reads a part of a file.
   *
   * @param name The name of the file.
   * @param offset The first byte.
   * @param length How many bytes.
   * @returns The bytes.
   * @throws {RangeError} If they pass the end of the file.
   * @throws {Error} If there is no such file, or it is damaged.
   */
  readRange(name: string, offset: number, length: number): Uint8Array {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw this.#error(name, "there is no such file");
    if (offset + length > entry.byteLength) {
      const why = `it has ${entry.byteLength} bytes, ` +
        `and not ${length} from ${offset} on`;
      throw new RangeError(this.#error(name, why).message);
    }
    if (entry.method !== STORED) {
      if (this.#unpacked?.name !== name) {
        this.#unpacked = { name, bytes: this.read(name)! };
      }
      return this.#unpacked.bytes.slice(offset, offset + length);
    }
    const bytes = new Uint8Array(length);
    this.#source.read(this.#startOf(entry) + offset, bytes);
    return bytes;
  }

  /**
   * Checks that the file is still the one that was opened.
   *
   * @throws {Error} If it is not.
   */
  checkUnchanged(): void {
    this.#source.checkUnchanged();
  }

  /** Closes the file; closing twice is fine. */
  close(): void {
    this.#source.close();
    this.#unpacked = undefined;
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #unpack(entry: ZipEntry, packed: Uint8Array): Uint8Array {
    const { byteLength, method, name } = entry;
    if (method === STORED) return packed;
    try {
      return decompress(packed, "deflate", {
        most: byteLength,
        likely: byteLength,
      });
    } catch (error) {
      throw this.#error(name, (error as Error).message, error);
    }
  }

  /** The header before the bytes must be of the same entry. */
  #startOf(entry: ZipEntry): number {
    const known = this.#starts.get(entry.name);
    if (known !== undefined) return known;
    const { headerOffset, method, name, packedBytes } = entry;
    if (entry.flags & IS_ENCRYPTED) throw this.#error(name, "it is encrypted");
    if (method !== STORED && method !== DEFLATED) {
      throw this.#error(name, `it is packed by method ${method}`);
    }
    const { byteLength } = this.#source;
    if (headerOffset + HEADER_BYTES > byteLength) throw this.#damaged(name);
    const header = readView(this.#source, headerOffset, HEADER_BYTES);
    const nameBytes = header.getUint16(26, true);
    const start = headerOffset + HEADER_BYTES + nameBytes +
      header.getUint16(28, true);
    const isSame = header.getUint32(0, true) === HEADER_SIGNATURE &&
      header.getUint16(8, true) === method && start + packedBytes <= byteLength;
    if (!isSame) throw this.#damaged(name);
    const named = readView(
      this.#source,
      headerOffset + HEADER_BYTES,
      nameBytes,
    );
    if (decodeName(new Uint8Array(named.buffer)) !== name) {
      throw this.#damaged(name);
    }
    this.#starts.set(name, start);
    return start;
  }

  #damaged(name: string): Error {
    return this.#error(name, "its header in the zip file is damaged");
  }

  #error(name: string, why: string, cause?: unknown): Error {
    return new Error(`Cannot read ${this.name}: ${name}: ${why}`, { cause });
  }
}

function readEntries(source: FileSource): Map<string, ZipEntry> {
  const { offset, byteLength, count } = findDirectory(source);
  const view = readView(source, offset, byteLength);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let number = 0; number < count; number++) {
    const isThere = at + ENTRY_BYTES <= byteLength &&
      view.getUint32(at, true) === ENTRY_SIGNATURE;
    const length = isThere ? entryLength(view, at) : 0;
    if (!isThere || at + length > byteLength) {
      throw zipError(source, `entry ${number} of its list is damaged`);
    }
    const entry = readEntry(source, new DataView(view.buffer, at, length));
    // Folders have entries of their own, which say nothing.
    if (!entry.name.endsWith("/")) entries.set(entry.name, entry);
    at += length;
  }
  return entries;
}

function entryLength(view: DataView, at: number): number {
  return ENTRY_BYTES + view.getUint16(at + 28, true) +
    view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
}

function readEntry(source: FileSource, view: DataView): ZipEntry {
  const nameBytes = view.getUint16(28, true);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const name = decodeName(bytes.subarray(ENTRY_BYTES, ENTRY_BYTES + nameBytes));
  checkName(source, name);
  const extra = bytes.subarray(
    ENTRY_BYTES + nameBytes,
    ENTRY_BYTES + nameBytes + view.getUint16(30, true),
  );
  const large = new Extra64(extra);
  const byteLength = large.take(view.getUint32(24, true));
  const packedBytes = large.take(view.getUint32(20, true));
  const headerOffset = large.take(view.getUint32(42, true));
  const method = view.getUint16(10, true);
  const most = method === STORED
    ? packedBytes
    : (packedBytes + 1) * MOST_DEFLATED;
  const isLie = !(headerOffset + packedBytes <= source.byteLength) ||
    byteLength > most || method === STORED && byteLength !== packedBytes;
  if (isLie) {
    throw zipError(source, `the sizes of its entry ${name} are wrong`);
  }
  const flags = view.getUint16(8, true);
  const crc = view.getUint32(16, true);
  return { name, headerOffset, method, flags, crc, packedBytes, byteLength };
}

/** Takes what does not fit the fields of an entry from its extra field. */
class Extra64 {
  readonly #values: bigint[] = [];

  constructor(extra: Uint8Array) {
    const view = new DataView(
      extra.buffer,
      extra.byteOffset,
      extra.byteLength,
    );
    for (let at = 0; at + 4 <= extra.length;) {
      const end = at + 4 + view.getUint16(at + 2, true);
      if (view.getUint16(at, true) === EXTRA64) {
        const last = Math.min(end, extra.length);
        for (let start = at + 4; start + 8 <= last; start += 8) {
          this.#values.push(view.getBigUint64(start, true));
        }
      }
      at = end;
    }
  }

  take(value: number): number {
    if (value !== IN_EXTRA) return value;
    return Number(this.#values.shift() ?? NaN);
  }
}

function checkName(source: FileSource, name: string): void {
  if (name.split("/").length > MOST_DEPTH) {
    throw zipError(source, "the names of its entries lead too deep");
  }
  const isInside = name !== "" && !/^\/|^[a-z]:|[\0\\]/i.test(name) &&
    !name.split("/").some((part) => part === ".." || part === ".");
  if (isInside) return;
  throw zipError(
    source,
    `its entry ${JSON.stringify(name)} leads out of it`,
  );
}

function findDirectory(source: FileSource): Directory {
  const { byteLength } = source;
  const tail = Math.min(byteLength, END_BYTES + MOST_COMMENT);
  const start = byteLength - tail;
  const view = readView(source, start, tail);
  for (let at = tail - END_BYTES; at >= 0; at--) {
    const isEnd = view.getUint32(at, true) === END_SIGNATURE &&
      at + END_BYTES + view.getUint16(at + 20, true) === tail;
    if (isEnd) return readEnd(source, view, { at, position: start + at });
  }
  throw zipError(source, "it is no zip file, or cut off");
}

function readEnd(
  source: FileSource,
  view: DataView,
  { at, position }: { readonly at: number; readonly position: number },
): Directory {
  const small = {
    count: view.getUint16(at + 10, true),
    byteLength: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const isLarge = small.count === 0xffff || small.byteLength === IN_EXTRA ||
    small.offset === IN_EXTRA;
  const directory = isLarge ? readEnd64(source, position) ?? small : small;
  const { byteLength, count, offset } = directory;
  const isLie = offset + byteLength > position ||
    count * ENTRY_BYTES > byteLength;
  if (isLie) throw zipError(source, "its list of entries is damaged");
  return directory;
}

function readEnd64(
  source: FileSource,
  position: number,
): Directory | undefined {
  if (position < LOCATOR_BYTES) return undefined;
  const locator = readView(source, position - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.getUint32(0, true) !== LOCATOR_SIGNATURE) return undefined;
  const at = Number(locator.getBigUint64(8, true));
  const isThere = at + END64_BYTES <= position - LOCATOR_BYTES;
  const end = isThere ? readView(source, at, END64_BYTES) : undefined;
  if (end?.getUint32(0, true) !== END64_SIGNATURE) {
    throw zipError(source, "its list of entries is damaged");
  }
  return {
    count: Number(end.getBigUint64(32, true)),
    byteLength: Number(end.getBigUint64(40, true)),
    offset: Number(end.getBigUint64(48, true)),
  };
}

function readView(
  source: FileSource,
  offset: number,
  length: number,
): DataView {
  const bytes = new Uint8Array(length);
  source.read(offset, bytes);
  return new DataView(bytes.buffer);
}

function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

function zipError(source: FileSource, why: string): Error {
  return new Error(`Cannot read ${source.name}: ${why}`);
}
