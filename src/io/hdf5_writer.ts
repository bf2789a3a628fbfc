/**
 * HDF5 files written from the first byte to the last, in bounded memory. The
 * library that reads them can't write bools, and writes the time of the day.
 */
import type { ByteSink } from "./byte_sink.ts";
import {
  Hdf5AttributeTexts,
  type Hdf5WriteAttributes,
} from "./hdf5_write_attributes.ts";
import { alignUp, Hdf5Bytes } from "./hdf5_write_bytes.ts";
import { Hdf5Chunks } from "./hdf5_write_chunks.ts";
import { encodeText, writeHeapTexts } from "./hdf5_write_heap.ts";
import {
  datasetMessages,
  encodeHeader,
  groupMessages,
  type Hdf5Layout,
  type Hdf5Message,
} from "./hdf5_write_messages.ts";
import {
  type Hdf5FixedText,
  type Hdf5WriteType,
  typeSize,
} from "./hdf5_write_types.ts";

/** A dataset whose values come piece by piece. */
export interface Hdf5Appender {
  /**
   * Adds values.
   *
   * @param values The values as they lie in memory; they may be reused.
   */
  add(values: ArrayBufferView): void;
}

/** A type whose values are of the same size, where they are. */
type Hdf5SizedType = Exclude<Hdf5WriteType, "text">;

/** A group or dataset, until its header is written. */
interface Node {
  /** What is in it, if it is a group. */
  readonly links?: Map<string, Node>;
  /** Describes it, if it is a dataset. */
  readonly describe?: () => Hdf5Message[];
  /** Describes its attributes. */
  attributes(): Hdf5Message[];
}

const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10);
const SUPERBLOCK_BYTES = 96;
/** A dataset of fewer bytes is written as it is. */
const SMALL_BYTES = 1 << 16;

/** Writes one file. The same content gives the same bytes. */
export class Hdf5Writer {
  readonly #sink: ByteSink;
  readonly #texts = new Hdf5AttributeTexts();
  #root = newGroup();

  /** @param sink Where the file goes; it is empty, and stays with the caller. */
  constructor(sink: ByteSink) {
    this.#sink = sink;
    sink.write(new Uint8Array(SUPERBLOCK_BYTES));
  }

  /**
   * Sets the attributes of the root.
   *
   * @param attributes The attributes.
   */
  root(attributes: Hdf5WriteAttributes): void {
    const described = this.#texts.take(attributes);
    this.#root = { ...this.#root, attributes: described };
  }

  /**
   * Adds a group.
   *
   * @param path The path; the groups above it are there, or made.
   * @param attributes Its attributes.
   */
  group(path: string, attributes: Hdf5WriteAttributes = {}): void {
    this.#add(path, attributes, { links: new Map() });
  }

  /**
   * Adds a dataset of one dimension, with all its values.
   *
   * @param path The path.
   * @param type The type of the values.
   * @param values The values as they lie in memory.
   * @param attributes Its attributes.
   */
  numbers(
    path: string,
    type: Hdf5SizedType,
    values: ArrayBufferView,
    attributes: Hdf5WriteAttributes = {},
  ): void {
    const bytes = bytesOf(values);
    const length = bytes.length / typeSize(type);
    if (bytes.length < SMALL_BYTES) {
      const layout = this.#put(bytes);
      this.#addDataset(path, attributes, () => ({ type, length, layout }));
      return;
    }
    const chunks = new Hdf5Chunks(this.#sink, typeSize(type));
    chunks.add(bytes);
    const layout = chunks.finish();
    this.#addDataset(path, attributes, () => ({ type, length, layout }));
  }

  /**
   * Adds a dataset of texts of any length.
   *
   * @param path The path.
   * @param texts The texts.
   * @param attributes Its attributes.
   * @throws {TypeError} If a text has a NUL in it.
   */
  texts(
    path: string,
    texts: readonly string[],
    attributes: Hdf5WriteAttributes = {},
  ): void {
    const references = this.#naming(
      path,
      () => writeHeapTexts(this.#sink, texts),
    );
    const layout = this.#put(references);
    const { length } = texts;
    const type = "text";
    this.#addDataset(path, attributes, () => ({ type, length, layout }));
  }

  /**
   * Adds a dataset of texts, each of as many bytes as the longest takes.
   *
   * @param path The path.
   * @param texts The texts.
   * @param attributes Its attributes.
   * @throws {TypeError} If a text has a NUL in it.
   */
  fixedTexts(
    path: string,
    texts: readonly string[],
    attributes: Hdf5WriteAttributes = {},
  ): void {
    const type = this.#naming(path, () => measure(texts));
    const { textBytes } = type;
    if (textBytes * texts.length < SMALL_BYTES) {
      const all = new Uint8Array(textBytes * texts.length);
      texts.forEach((text, at) =>
        all.set(encodeText(text, at), at * textBytes)
      );
      this.numbers(path, type, all, attributes);
      return;
    }
    const values = this.append(path, type, attributes);
    const bytes = new Uint8Array(textBytes);
    texts.forEach((text, at) => {
      const encoded = encodeText(text, at);
      bytes.fill(0, encoded.length).set(encoded);
      values.add(bytes);
    });
  }

  /**
   * Adds a dataset of one dimension whose values come until the file is
   * finished; others may be added in the meantime.
   *
   * @param path The path.
   * @param type The type of the values.
   * @param attributes Its attributes.
   * @returns What takes the values.
   */
  append(
    path: string,
    type: Hdf5SizedType,
    attributes: Hdf5WriteAttributes = {},
  ): Hdf5Appender {
    const chunks = new Hdf5Chunks(this.#sink, typeSize(type));
    this.#addDataset(path, attributes, () => {
      const layout = chunks.finish();
      return { type, length: chunks.length, layout };
    });
    return { add: (values) => chunks.add(bytesOf(values)) };
  }

  /** Completes the file; the sink is left open. */
  finish(): void {
    const sink = this.#sink;
    this.#texts.write(sink);
    const root = this.#writeNode("/", this.#root);
    const bytes = new Hdf5Bytes().add(SIGNATURE);
    // Addresses and sizes take 8 bytes; 4 and 16 are of a kind of groups that
    // this file has none of.
    bytes.u8(0, 0, 0, 0, 0, 8, 8, 0).u16(4, 16).u32(0);
    bytes.u64(0, undefined, sink.position, undefined);
    bytes.u64(0, root).fillTo(SUPERBLOCK_BYTES);
    sink.writeAt(0, bytes.take());
  }

  #addDataset(
    path: string,
    attributes: Hdf5WriteAttributes,
    describe: () => {
      readonly type: Hdf5WriteType;
      readonly length: number;
      readonly layout: Hdf5Layout;
    },
  ): void {
    this.#add(path, attributes, {
      describe: () => datasetMessages(describe()),
    });
  }

  #add(
    path: string,
    attributes: Hdf5WriteAttributes,
    node: Omit<Node, "attributes">,
  ): void {
    const described = this.#naming(path, () => this.#texts.take(attributes));
    const steps = path.split("/");
    if (steps.some((step) => ["", "."].includes(step) || step.includes("\0"))) {
      throw this.#error(path, "it is no path");
    }
    const name = steps.pop()!;
    let links = this.#root.links;
    for (const step of steps) {
      if (links?.has(step) === false) links.set(step, newGroup());
      links = links?.get(step)?.links;
    }
    if (links === undefined || links.has(name)) {
      throw this.#error(path, "something else is there");
    }
    links.set(name, { ...node, attributes: described });
  }

  /** What is in a group comes first, since the group says where it is. */
  #writeNode(path: string, node: Node): number {
    const links = new Map<string, number>();
    for (const [name, child] of node.links ?? []) {
      links.set(name, this.#writeNode(joinNames(path, name), child));
    }
    return this.#naming(path, () => {
      const described = node.describe?.() ?? groupMessages(links);
      const header = encodeHeader([...described, ...node.attributes()]);
      return this.#put(header).address!;
    });
  }

  /** What is not compressed starts where computers like to read. */
  #put(bytes: Uint8Array): Extract<Hdf5Layout, { kind: "contiguous" }> {
    const kind = "contiguous";
    if (bytes.length === 0) return { kind, address: undefined };
    const { position } = this.#sink;
    this.#sink.write(new Uint8Array(alignUp(position) - position));
    const address = this.#sink.position;
    this.#sink.write(bytes);
    return { kind, address };
  }

  #naming<T>(path: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      const isOurs = error instanceof TypeError || error instanceof RangeError;
      throw isOurs ? this.#error(path, error.message, error) : error;
    }
  }

  #error(path: string, why: string, cause?: unknown): Error {
    const message = `Cannot write ${this.#sink.name}: ${path}: ${why}`;
    return new Error(message, { cause });
  }
}

function newGroup(): Node {
  return { links: new Map(), attributes: () => [] };
}

/** The bytes of the longest text; a type of no bytes does not exist. */
function measure(texts: readonly string[]): Hdf5FixedText {
  let textBytes = 1;
  let isAscii = true;
  for (const [at, text] of texts.entries()) {
    const { length } = encodeText(text, at);
    textBytes = Math.max(textBytes, length);
    isAscii &&= length === text.length;
  }
  return { textBytes, isAscii };
}

function joinNames(path: string, name: string): string {
  return path === "/" ? name : `${path}/${name}`;
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
