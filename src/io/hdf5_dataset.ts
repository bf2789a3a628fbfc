import type { ChunkCache } from "./chunk_cache.ts";
import type { FileSource } from "./file_source.ts";
import { mostRatio } from "./hdf5_filters.ts";
import type { Hdf5Filter, Hdf5Library, Hdf5Metadata } from "./hdf5_library.ts";
import { Hdf5Rows } from "./hdf5_rows.ts";
import { Hdf5Texts } from "./hdf5_texts.ts";
import {
  hasPointers,
  type Hdf5Numbers,
  type Hdf5TypeClass,
  numbersClassOf,
  typeClassOf,
  typeNameOf,
} from "./hdf5_types.ts";
import {
  decodeNumbers,
  decodeTexts,
  type Hdf5Slot,
  slotOf,
} from "./hdf5_values.ts";

export type { Hdf5Numbers, Hdf5TypeClass };

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
  /** The file as it is. */
  readonly source: FileSource;
  /** What was decoded last, of all datasets of the file. */
  readonly cache: ChunkCache;
  /** Calls the library. */
  readonly call: Hdf5Library["call"];
  /** Makes an error that names file and dataset. */
  error(why: string): Error;
}

/** What a string of any length takes in a file, apart from its text. */
const REFERENCE_BYTES = 16;
/** What there is to say where the library does not. */
const DAMAGED = "it is damaged or cut off";
/** The number of a filter. */
const LZF = 32000;
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
  /** The extents; empty for a scalar. */
  readonly shape: readonly number[];
  /** What its values are. */
  readonly typeClass: Hdf5TypeClass;
  /** What its values are, for messages. */
  readonly typeName: string;
  /** The extents of a chunk, where there are chunks. */
  readonly chunks: readonly number[] | undefined;
  readonly #parts: Hdf5DatasetParts;
  readonly #slot: Hdf5Slot;
  /** The extents in the file, to which those of the type are added. */
  readonly #extents: readonly number[];
  /** Reads numbers; undefined for fields, and where there are none. */
  readonly #rows: Hdf5Rows | undefined;
  /** Reads texts of any length; undefined for all else. */
  readonly #texts: Hdf5Texts | undefined;

  /**
   * Checks what a dataset claims; `Hdf5File.dataset` makes them.
   *
   * @param parts What it is made of.
   * @param field The field that it shows, of a compound type.
   * @throws {Error} If it can't be read right.
   */
  constructor(parts: Hdf5DatasetParts, field?: string) {
    const { metadata } = parts;
    this.#parts = parts;
    this.path = field === undefined ? parts.path : `${parts.path}/${field}`;
    const slot = slotOf(metadata, field);
    if (slot === undefined) throw this.#error(`it has no field ${field}`);
    this.#slot = slot;
    this.#extents = metadata.shape ?? [0];
    this.shape = [...this.#extents, ...slot.extents];
    this.typeClass = typeClassOf(slot.type);
    this.typeName = typeNameOf(slot.type);
    this.chunks = metadata.chunks ?? undefined;
    this.#checkStorage();
    this.#checkSizes();
    if (field === undefined) {
      this.#rows = this.#makeRows();
      this.#texts = this.#makeTexts();
    }
  }

  /** The number of values. */
  get length(): number {
    return product(this.shape);
  }

  /** The number of values of a chunk, where there are chunks. */
  get chunkLength(): number | undefined {
    return this.chunks && product(this.chunks);
  }

  /** The names of the fields of a compound type, else none. */
  get fields(): readonly string[] {
    if (this.typeClass !== "compound") return [];
    return this.#slot.type.compound_type!.members.map(({ name }) => name);
  }

  /**
   * A field of a compound type as a dataset of its own.
   *
   * @param name The name of the field.
   * @returns The values of the field.
   * @throws {Error} If there is no such field.
   */
  field(name: string): Hdf5Dataset {
    return new Hdf5Dataset(this.#parts, name);
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
    this.#checkList();
    return this.readRows(start, end);
  }

  /**
   * Reads numbers of a dataset of any number of dimensions; of a scalar, from
   * 0 to 1.
   *
   * @param start The first index of the first axis.
   * @param end Where the indices end.
   * @param into Memory for them, as many as they are, which is used where it is
   * of their type and the library is not needed.
   * @returns The numbers, in memory of their own or that which was given, the
   * last axis fastest.
   * @throws {Error} If they can't be read.
   */
  readRows(start: number, end: number, into?: Hdf5Numbers): Hdf5Numbers {
    if (this.#rows === undefined) return this.#readByLibrary(start, end);
    this.#checkRange(start, end);
    this.#parts.call(() => {});
    try {
      return this.#rows.read(start, end, into);
    } catch (error) {
      const { message } = error as Error;
      if (message.startsWith("Cannot ")) throw error;
      throw this.#error(message);
    }
  }

  /**
   * Reads all strings of a dataset of one dimension.
   *
   * @returns The strings.
   * @throws {Error} If they can't be read.
   */
  readTexts(): string[] {
    this.#checkList();
    return this.readRowTexts(0, this.length);
  }

  /**
   * Reads strings of a dataset of any number of dimensions; of a scalar, from
   * 0 to 1.
   *
   * @param start The first index of the first axis.
   * @param end Where the indices end.
   * @returns The strings, the last axis fastest.
   * @throws {Error} If they can't be read.
   */
  readRowTexts(start: number, end: number): string[] {
    if (this.typeClass !== "string") {
      throw this.#error(`it holds ${this.typeName} and no strings`);
    }
    this.#checkRange(start, end);
    const rowTexts = Math.max(product(this.shape.slice(1)), 1);
    const step = Math.max(Math.floor(TEXTS_AT_ONCE / rowTexts), 1);
    const texts: string[] = [];
    for (let from = start; from < end; from += step) {
      const read = this.#readTexts(from, Math.min(from + step, end));
      for (const text of read) texts.push(text);
    }
    return texts;
  }

  #makeRows(): Hdf5Rows | undefined {
    const { cache, filters, metadata, path, source } = this.#parts;
    const numbersClass = numbersClassOf(metadata);
    if (numbersClass === undefined) return undefined;
    const { size } = metadata;
    return new Hdf5Rows({
      path,
      source,
      cache,
      filters,
      size,
      shape: this.shape,
      extents: this.chunks ?? this.shape,
      isChunked: this.chunks !== undefined,
      isBig: size > 1 && metadata.littleEndian === false,
      numbersOf: (buffer) => new numbersClass(buffer as ArrayBuffer),
      reference: () => this.#reference(),
      readByLibrary: (start, end) => this.#readByLibrary(start, end),
    });
  }

  #makeTexts(): Hdf5Texts | undefined {
    const { filters, metadata, source } = this.#parts;
    if (this.typeClass !== "string" || !metadata.vlen) return undefined;
    return new Hdf5Texts({
      source,
      filters,
      shape: this.shape,
      extents: this.chunks ?? this.shape,
      isChunked: this.chunks !== undefined,
      reference: () => this.#reference(),
    });
  }

  /** What the library makes of the path: the address of the dataset. */
  #reference(): Uint8Array {
    const { call, file, path } = this.#parts;
    return Uint8Array.from(
      call(({ create_object_reference }) =>
        create_object_reference(file, path)
      ),
    );
  }

  #readByLibrary(start: number, end: number): Hdf5Numbers {
    const numbers = this.#withRecords(
      start,
      end,
      (bytes) => decodeNumbers(bytes, this.#slot),
    );
    if (numbers !== undefined) return numbers;
    throw this.#error(`it holds ${this.typeName} and no numbers`);
  }

  #readTexts(start: number, end: number): string[] {
    const { call } = this.#parts;
    const first = start * product(this.shape.slice(1));
    call(() => {});
    try {
      const texts = this.#texts?.read(start, end);
      if (texts !== undefined) return texts;
      return this.#withRecords(start, end, (bytes) => {
        const { memory } = call(({ HEAPU8 }) => ({ memory: HEAPU8 }));
        return decodeTexts(bytes, this.#slot, { memory, start: first })!;
      });
    } catch (error) {
      const { message } = error as Error;
      const why = this.#whyNoTexts(error as Error);
      if (why === message && message.startsWith("Cannot ")) throw error;
      throw this.#error(why);
    }
  }

  /** The filter of the library unpacks some such texts, and fails at others. */
  #whyNoTexts(error: Error): string {
    const isLzf = this.#parts.filters.some(({ id }) => id === LZF);
    const { message } = error;
    if (!isLzf || !message.endsWith(DAMAGED)) return message;
    return `${DAMAGED}, or packed by LZF in a way that can not be decoded`;
  }

  /** Lets the library read values, and gives away its memory for a moment. */
  #withRecords<T>(
    start: number,
    end: number,
    use: (bytes: Uint8Array) => T,
  ): T {
    this.#checkRange(start, end);
    const { call, metadata } = this.#parts;
    const rowBytes = product(this.#extents.slice(1)) * metadata.size;
    const byteLength = (end - start) * rowBytes;
    if (byteLength === 0) return use(new Uint8Array(0));
    const pointer = call(({ _malloc }) => _malloc(byteLength));
    if (pointer === 0) throw this.#error(`no memory for ${byteLength} bytes`);
    try {
      this.#readRecords(start, end, pointer);
      try {
        const { memory } = call(({ HEAPU8 }) => ({ memory: HEAPU8 }));
        return use(memory.subarray(pointer, pointer + byteLength));
      } finally {
        this.#reclaim(start, end, pointer);
      }
    } finally {
      call(({ _free }) => _free(pointer));
    }
  }

  #readRecords(start: number, end: number, pointer: number): void {
    const { call, file, path } = this.#parts;
    const count = this.#counts(start, end);
    const offset = count && [BigInt(start), ...count.slice(1).map(() => 0n)];
    const strides = count && count.map(() => 1n);
    const target = BigInt(pointer);
    const status = call(({ get_dataset_data }) =>
      get_dataset_data(file, path, count, offset, strides, target)
    );
    if (status < 0) throw this.#error(DAMAGED);
  }

  /** Frees the strings of any length, which the library has put elsewhere. */
  #reclaim(start: number, end: number, pointer: number): void {
    const { call, file, metadata, path } = this.#parts;
    if (!hasPointers(metadata)) return;
    const count = this.#counts(start, end) ?? [];
    call(({ reclaim_vlen_memory_count: reclaim }) =>
      reclaim(file, path, "", BigInt(pointer), count)
    );
  }

  /** What of each axis is read; null for a scalar. */
  #counts(start: number, end: number): bigint[] | null {
    if (this.#extents.length === 0) return null;
    return [end - start, ...this.#extents.slice(1)].map(BigInt);
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
    const length = product(this.#extents);
    if (length * size > most) {
      throw this.#error(
        `it claims ${length} values of ${size} bytes, ` +
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

  #checkList(): void {
    if (this.shape.length === 1) return;
    const { length } = this.shape;
    throw this.#error(`it has ${length} dimensions instead of one`);
  }

  #checkRange(start: number, end: number): void {
    const length = this.#extents[0] ?? 1;
    const isScalar = this.#extents.length === 0;
    const isInside = isScalar
      ? start === 0 && end === 1
      : start >= 0 && start <= end && end <= length;
    if (isInside) return;
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
