import type { FileTree } from "../io/file_tree.ts";
import type { ChunkCache } from "../io/chunk_cache.ts";
import { copyStrided, stridesOf, type Values } from "../io/chunk_copy.ts";
import type {
  ArrayNode,
  Attributes,
  ElementClass,
  StoredNumbers,
} from "./nodes.ts";
import { ZarrChunks } from "./zarr_chunks.ts";
import type { ZarrSpec } from "./zarr_metadata.ts";
import type { ZarrField, ZarrType } from "./zarr_types.ts";

/** What an array is made of. */
export interface ZarrArrayParts {
  /** The files. */
  readonly tree: FileTree;
  /** The path of the array. */
  readonly path: string;
  /** Its description. */
  readonly spec: ZarrSpec;
  /** Its attributes. */
  readonly attributes: Attributes;
  /** What was decoded last. */
  readonly cache: ChunkCache;
  /** Makes an error that names store and node. */
  error(why: string): Error;
}

/** An array without a chunk may be as large. */
const SMALL_BYTES = 2 ** 24;
/** A text takes at least the number of its bytes. */
const LEAST_TEXT_BYTES = 4;

/** An array of a zarr store: what it claims was checked against its files. */
export class ZarrArray implements ArrayNode {
  readonly kind = "array";
  readonly path: string;
  readonly shape: readonly number[];
  readonly elementClass: ElementClass;
  readonly typeName: string;
  readonly chunks: readonly number[];
  readonly fields: readonly string[];
  readonly #parts: ZarrArrayParts;
  readonly #type: ZarrType;
  readonly #extents: readonly number[];
  readonly #reader: ZarrChunks;

  /**
   * Checks what an array claims.
   *
   * @param parts What it is made of.
   * @param field The field that it shows, of a compound type.
   * @throws {Error} If its files can't hold it.
   */
  constructor(parts: ZarrArrayParts, field?: ZarrField) {
    const { cache, path, spec, tree } = parts;
    this.#parts = parts;
    this.#type = field?.type ?? spec.type;
    this.#extents = field?.extents ?? [];
    this.path = field === undefined ? path : `${path}/${field.name}`;
    this.shape = [...spec.shape, ...this.#extents];
    this.elementClass = this.#type.elementClass;
    this.typeName = this.#type.typeName;
    this.chunks = spec.packing.extents;
    this.fields = this.#type.fields?.map(({ name }) => name) ?? [];
    this.#reader = new ZarrChunks({ tree, path, spec, field, cache });
    if (field === undefined) this.#checkSize();
  }

  // deno-lint-ignore require-await
  async attributes(): Promise<Attributes> {
    return this.path === this.#parts.path ? this.#parts.attributes : {};
  }

  async readNumbers(start: number, end: number): Promise<StoredNumbers> {
    const { numbers } = this.#type;
    if (numbers === undefined) throw this.#wrongClass("numbers");
    const values = new numbers(this.#countOf(start, end));
    await this.#fill(values as unknown as Values, start, end);
    return values;
  }

  async readTexts(start: number, end: number): Promise<string[]> {
    if (this.elementClass !== "string") throw this.#wrongClass("strings");
    const texts = new Array<string>(this.#countOf(start, end));
    await this.#fill(texts, start, end);
    return texts;
  }

  async hasChunkOf(index: number): Promise<boolean> {
    const at = Math.floor(index / this.#parts.spec.packing.extents[0]!);
    return await this.#chunk([at], true) !== undefined;
  }

  field(name: string): ArrayNode {
    const field = this.#type.fields?.find((one) => one.name === name);
    if (field !== undefined) return new ZarrArray(this.#parts, field);
    throw this.#parts.error(`it has no field ${name}`);
  }

  /** Fills rows from the chunks that have a part of them. */
  async #fill(values: Values, start: number, end: number): Promise<void> {
    if (values.length === 0) return;
    const { shape, packing } = this.#parts.spec;
    const from = shape.map((_, axis) => axis === 0 ? start : 0);
    const to = shape.map((extent, axis) => axis === 0 ? end : extent);
    const first = from.map((at, axis) =>
      Math.floor(at / packing.extents[axis]!)
    );
    const last = to.map((at, axis) =>
      Math.ceil(at / packing.extents[axis]!) - 1
    );
    const coordinates = [...first];
    do {
      await this.#fillFrom(values, coordinates, { from, to });
    } while (advance(coordinates, first, last));
  }

  async #fillFrom(
    values: Values,
    coordinates: readonly number[],
    region: {
      readonly from: readonly number[];
      readonly to: readonly number[];
    },
  ): Promise<void> {
    const { extents, order } = this.#parts.spec.packing;
    const starts = extents.map((extent, axis) => coordinates[axis]! * extent);
    const [first = 0] = starts;
    const last = Math.min(first + (extents[0] ?? 1), this.shape[0] ?? 1);
    const isPart = first < (region.from[0] ?? 0) || last > (region.to[0] ?? 1);
    const chunk = await this.#chunk(coordinates, isPart);
    const from = starts.map((at, axis) => Math.max(at, region.from[axis]!));
    const to = starts.map((at, axis) =>
      Math.min(at + extents[axis]!, region.to[axis]!)
    );
    // What a field has several of in a value is one more axis for each extent.
    const inner = this.#extents;
    const innerStrides = stridesOf(inner);
    const width = inner.reduce((all, one) => all * one, 1);
    const counts = [...to.map((at, axis) => at - from[axis]!), ...inner];
    const widen = (strides: readonly number[]) => [
      ...strides.map((stride) => stride * width),
      ...innerStrides,
    ];
    const rows = region.to.map((at, axis) => at - region.from[axis]!);
    const rowStrides = stridesOf(rows);
    const strides = stridesOf(extents, order);
    const offsetOf = (steps: readonly number[], base: readonly number[]) =>
      width *
      steps.reduce(
        (all, step, axis) => all + step * (from[axis]! - base[axis]!),
        0,
      );
    const target = {
      values,
      offset: offsetOf(rowStrides, region.from),
      strides: widen(rowStrides),
    };
    const source = chunk === undefined
      ? { values: [this.#fillValue()], offset: 0, strides: counts.map(() => 0) }
      : {
        values: chunk as unknown as Values,
        offset: offsetOf(strides, starts),
        strides: widen(strides),
      };
    copyStrided(counts, source, target);
  }

  #fillValue(): unknown {
    const { fill } = this.#parts.spec;
    if (fill === undefined) {
      throw this.#parts.error("what stands for values left out is not known");
    }
    if (this.elementClass === "string") {
      return typeof fill === "string" ? fill : "";
    }
    if (/^u?int64$/.test(this.typeName)) return BigInt(fill || 0);
    return Number(fill);
  }

  /** What is read as a whole will hardly be asked for again. */
  async #chunk(
    coordinates: readonly number[],
    isPart: boolean,
  ): Promise<unknown> {
    try {
      return await this.#reader.get(coordinates, isPart);
    } catch (error) {
      const { message } = error as Error;
      if (message.startsWith("Cannot ")) throw error;
      throw this.#parts.error(message);
    }
  }

  #countOf(start: number, end: number): number {
    const [length = 1, ...rest] = this.shape;
    const isScalar = this.shape.length === 0;
    const isInside = isScalar
      ? start === 0 && end === 1
      : start >= 0 && start <= end && end <= length;
    if (isInside) return rest.reduce((all, one) => all * one, end - start);
    const error = this.#parts.error(`it has no values ${start} to ${end}`);
    throw new RangeError(error.message);
  }

  /** What no files of this size can hold is a lie. */
  #checkSize(): void {
    const { path, spec, tree } = this.#parts;
    const { packing, type } = spec;
    const size = type.itemBytes || LEAST_TEXT_BYTES;
    const claimed = spec.shape.reduce((all, one) => all * one, size);
    if (claimed <= SMALL_BYTES) return;
    const ratio = packing.codecs.reduce((all, one) => all * one.mostRatio, 1);
    const stored = tree.storedBytes(path, claimed / ratio);
    if (claimed <= stored * ratio) return;
    throw this.#parts.error(
      `it claims ${claimed / size} values of ${size} bytes, ` +
        `more than files of ${stored} bytes can hold`,
    );
  }

  #wrongClass(what: string): Error {
    return this.#parts.error(`it holds ${this.typeName} and no ${what}`);
  }
}

/** Goes on to the next chunk; false behind the last. */
function advance(
  coordinates: number[],
  first: readonly number[],
  last: readonly number[],
): boolean {
  for (let axis = coordinates.length - 1; axis >= 0; axis--) {
    if (coordinates[axis]! < last[axis]!) {
      coordinates[axis]!++;
      return true;
    }
    coordinates[axis] = first[axis]!;
  }
  return false;
}
