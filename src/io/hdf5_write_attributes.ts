/** The attributes of the objects of an HDF5 file in the making. */
import type { ByteSink } from "./byte_sink.ts";
import { encodeText, writeHeapTexts } from "./hdf5_write_heap.ts";
import { attributeMessage, type Hdf5Message } from "./hdf5_write_messages.ts";
import { REFERENCE_BYTES } from "./hdf5_write_types.ts";

/** The value of an attribute: one, or a list. */
export type Hdf5WriteAttribute =
  | string
  | readonly string[]
  | boolean
  | bigint
  | BigInt64Array;

/** The attributes of a group or dataset, by their names, in ASCII. */
export type Hdf5WriteAttributes = Readonly<Record<string, Hdf5WriteAttribute>>;

/** Gathers the texts of all attributes, which are few: they go together. */
export class Hdf5AttributeTexts {
  readonly #texts: string[] = [];
  #references: Uint8Array = new Uint8Array(0);

  /**
   * Takes the attributes of an object.
   *
   * @param attributes The attributes.
   * @returns Describes them, once the texts are written.
   * @throws {TypeError} If a text has a NUL in it.
   */
  take(attributes: Hdf5WriteAttributes): () => Hdf5Message[] {
    const messages = Object.entries(attributes).map(([name, value]) =>
      this.#takeOne(name, value)
    );
    return () => messages.map((message) => message());
  }

  /**
   * Writes the texts of what was taken.
   *
   * @param sink Where to.
   */
  write(sink: ByteSink): void {
    this.#references = writeHeapTexts(sink, this.#texts);
  }

  #takeOne(name: string, value: Hdf5WriteAttribute): () => Hdf5Message {
    if (typeof value === "boolean") {
      const data = Uint8Array.of(value ? 1 : 0);
      return () => attributeMessage(name, "bool", [], data);
    }
    if (typeof value === "bigint" || value instanceof BigInt64Array) {
      const list = typeof value === "bigint" ? [value] : [...value];
      const shape = typeof value === "bigint" ? [] : [list.length];
      const data = new Uint8Array(BigInt64Array.from(list).buffer);
      return () => attributeMessage(name, "int64", shape, data);
    }
    const texts = typeof value === "string" ? [value] : value;
    const shape = typeof value === "string" ? [] : [texts.length];
    const start = this.#texts.length;
    texts.forEach(encodeText);
    for (const text of texts) this.#texts.push(text);
    return () => {
      const data = this.#references.subarray(
        start * REFERENCE_BYTES,
        (start + texts.length) * REFERENCE_BYTES,
      );
      return attributeMessage(name, "text", shape, data);
    };
  }
}
