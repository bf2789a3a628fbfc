import type { Hdf5Filter, Hdf5Library, Hdf5Metadata } from "./hdf5_library.ts";
import { mostRatio } from "./hdf5_filters.ts";
import { decodeFixedTexts, readPointedTexts } from "./hdf5_text.ts";

/** Numbers as they come out of a file. */
export type Hdf5Numbers =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** What the values of a dataset are. */
export type Hdf5TypeClass = "integer" | "float" | "string" | "other";

/** What a dataset is made of. */
export interface Hdf5DatasetParts {
  /** Its path. */
  readonly path: string;
  /** The true size of the file. */
  readonly fileLength: number;
  /** Its description. */
  readonly metadata: Hdf5Metadata;
  /** The filters of its chunks. */
  readonly filters: readonly Hdf5Filter[];
  /** The file for the library. */
  readonly file: bigint;
  /** Whether a filter can be decoded. */
  isKnown(filter: number): boolean;
  /** Calls the library. */
  readonly call: Hdf5Library["call"];
  /** Makes an error that names file and dataset. */
  error(why: string): Error;
}

/** The classes of types, by their numbers. */
const CLASSES = [
  "integer",
  "float",
  "time",
  "string",
  "bit field",
  "opaque",
  "compound",
  "reference",
  "enumeration",
  "variable-length list",
  "array",
];

/** What a string of any length takes in a file, apart from its text. */
const REFERENCE_BYTES = 16;
/** A chunk is decoded as a whole in memory. */
const MOST_CHUNK_BYTES = 2 ** 29;
/** A chunk of a small file may well be mostly empty. */
const SMALL_CHUNK_BYTES = 2 ** 24;
/** How many strings are read at once. */
const TEXTS_AT_ONCE = 2 ** 16;

/** A dataset of an HDF5 file: what it claims was checked against the file. */
export class Hdf5Dataset {
  /** The path in the file. */
  readonly path: string;
  /** The extents. */
  readonly shape: readonly number[];
  /** What its values are. */
  readonly typeClass: Hdf5TypeClass;
  /** The number of values of a chunk, where there are chunks. */
  readonly chunkLength: number | undefined;
  readonly #parts: Hdf5DatasetParts;

  /**
   * Checks what a dataset claims; `Hdf5File.dataset` makes them.
   *
   * @param parts What it is made of.
   * @throws {Error} If it can't be read right.
   */
  constructor(parts: Hdf5DatasetParts) {
    const { metadata } = parts;
    this.#parts = parts;
    this.path = parts.path;
    this.shape = metadata.shape ?? [0];
    const name = CLASSES[metadata.type];
    this.typeClass = name === "integer" || name === "float" || name === "string"
      ? name
      : "other";
    this.chunkLength = metadata.chunks ? product(metadata.chunks) : undefined;
    this.#checkStorage();
    this.#checkSizes();
  }

  /** The number of values. */
  get length(): number {
    return product(this.shape);
  }

  /** What its values are, for messages. */
  get typeName(): string {
    const { type, size, signed } = this.#parts.metadata;
    const name = CLASSES[type] ?? "unknown";
    if (name === "float") return `float${8 * size}`;
    if (name !== "integer") return name;
    return `${signed ? "int" : "uint"}${8 * size}`;
  }

  /**
   * Reads numbers of a dataset of one dimension.
   *
   * @param start The first.
   * @param end Where they end.
   * @returns The numbers, in memory of their own.
   * @throws {Error} If they can't be read.
   */
  readNumbers(start: number, end: number): Hdf5Numbers {
    const numbers = this.#numbers();
    return this.#withValues(start, end, (bytes) => {
      const copy = bytes.slice().buffer;
      return new numbers(copy);
    });
  }

  /**
   * Reads all strings of a dataset of one dimension.
   *
   * @returns The strings.
   * @throws {Error} If they can't be read.
   */
  readTexts(): string[] {
    if (this.typeClass !== "string") {
      throw this.#error(`it holds ${this.typeName} and no strings`);
    }
    const texts: string[] = [];
    for (let start = 0; start < this.length; start += TEXTS_AT_ONCE) {
      const end = Math.min(start + TEXTS_AT_ONCE, this.length);
      for (const text of this.#readTexts(start, end)) texts.push(text);
    }
    return texts;
  }

  #readTexts(start: number, end: number): string[] {
    const { metadata, call, file } = this.#parts;
    const { size, strpad = 0, vlen } = metadata;
    try {
      return this.#withValues(start, end, (bytes, pointer) => {
        if (!vlen) return decodeFixedTexts(bytes, { size, strpad, start });
        try {
          return call(({ HEAPU8 }) => readPointedTexts(bytes, HEAPU8, start));
        } finally {
          const count = [BigInt(end - start)];
          call(({ reclaim_vlen_memory_count: reclaim }) =>
            reclaim(file, this.path, "", BigInt(pointer), count)
          );
        }
      });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw this.#error(error.message);
    }
  }

  /** Lets the library read values, and gives away its memory for a moment. */
  #withValues<T>(
    start: number,
    end: number,
    use: (bytes: Uint8Array<ArrayBuffer>, pointer: number) => T,
  ): T {
    this.#checkRange(start, end);
    const { call, file, metadata } = this.#parts;
    const byteLength = (end - start) * metadata.size;
    const count = [BigInt(end - start)];
    const pointer = call(({ _malloc }) => _malloc(Math.max(byteLength, 1)));
    if (pointer === 0) throw this.#error(`no memory for ${byteLength} bytes`);
    try {
      if (end > start) {
        const status = call(({ get_dataset_data }) =>
          get_dataset_data(
            file,
            this.path,
            count,
            [BigInt(start)],
            [1n],
            BigInt(pointer),
          )
        );
        if (status < 0) throw this.#error("it is damaged or cut off");
      }
      const { HEAPU8 } = call((functions) => functions);
      const bytes = HEAPU8.subarray(pointer, pointer + byteLength);
      return use(bytes as Uint8Array<ArrayBuffer>, pointer);
    } finally {
      call(({ _free }) => _free(pointer));
    }
  }

  #numbers(): new (buffer: ArrayBuffer) => Hdf5Numbers {
    const { size, signed } = this.#parts.metadata;
    if (this.typeClass === "float") {
      if (size === 2) return Float16Array;
      if (size === 4) return Float32Array;
      if (size === 8) return Float64Array;
    }
    if (this.typeClass === "integer") {
      if (size === 1) return signed ? Int8Array : Uint8Array;
      if (size === 2) return signed ? Int16Array : Uint16Array;
      if (size === 4) return signed ? Int32Array : Uint32Array;
      if (size === 8) return signed ? BigInt64Array : BigUint64Array;
    }
    throw this.#error(`it holds ${this.typeName} and no numbers`);
  }

  #checkStorage(): void {
    const { metadata, filters } = this.#parts;
    if (metadata.virtual_sources !== undefined) {
      throw this.#error("it is a virtual dataset, of data in other files");
    }
    for (const { id, name } of filters) {
      if (this.#parts.isKnown(id)) continue;
      throw this.#error(
        `its filter ${name || "without a name"} (number ${id}) ` +
          "can not be decoded",
      );
    }
  }

  /** What no file of this size can hold is a lie, and is not allocated. */
  #checkSizes(): void {
    const { fileLength, filters, metadata } = this.#parts;
    const size = metadata.vlen ? REFERENCE_BYTES : metadata.size;
    const most = fileLength * mostRatio(filters.map(({ id }) => id));
    const bytes = this.length * size;
    if (bytes > most) {
      throw this.#error(
        `it claims ${this.length} values of ${size} bytes, ` +
          `more than a file of ${fileLength} bytes can hold`,
      );
    }
    const chunk = (this.chunkLength ?? 0) * size;
    const mostChunk = Math.max(
      Math.min(most, MOST_CHUNK_BYTES),
      SMALL_CHUNK_BYTES,
    );
    if (chunk <= mostChunk) return;
    throw this.#error(`its chunks of ${chunk} bytes are too large`);
  }

  #checkRange(start: number, end: number): void {
    if (this.shape.length !== 1) {
      throw this.#error(
        `it has ${this.shape.length} dimensions instead of one`,
      );
    }
    if (start >= 0 && start <= end && end <= this.length) return;
    throw new RangeError(
      this.#error(`it has no values ${start} to ${end}`).message,
    );
  }

  #error(why: string): Error {
    return this.#parts.error(why);
  }
}

function product(extents: readonly number[]): number {
  return extents.reduce((all, extent) => all * extent, 1);
}
