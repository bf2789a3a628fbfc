import type { FileTree } from "../io/file_tree.ts";
import type { ChunkCache } from "../io/chunk_cache.ts";
import {
  copyStrided,
  type Strided,
  stridesOf,
  type Values,
} from "../io/chunk_copy.ts";
import type {
  ArrayNode,
  Attributes,
  ElementClass,
  StoredNumbers,
} from "./nodes.ts";
import { type ChunkPart, type ChunkSpan, ZarrChunks } from "./zarr_chunks.ts";
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

/** Values along each axis. */
interface Region {
  /** The first ones. */
  readonly from: readonly number[];
  /** Where they end. */
  readonly to: readonly number[];
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

  async readNumbers(
    start: number,
    end: number,
    into?: StoredNumbers,
  ): Promise<StoredNumbers> {
    const { numbers } = this.#type;
    if (numbers === undefined) throw this.#wrongClass("numbers");
    const count = this.#countOf(start, end);
    const isFit = into instanceof numbers && into.length === count;
    const values = isFit ? into : new numbers(count);
    if (this.shape.length === 1) await this.#fillLine(values, start, end);
    else await this.#fill(values as unknown as Values, start, end);
    return values;
  }

  async readTexts(start: number, end: number): Promise<string[]> {
    if (this.elementClass !== "string") throw this.#wrongClass("strings");
    const texts = new Array<string>(this.#countOf(start, end));
    await this.#fill(texts, start, end);
    return texts;
  }

  async hasChunkOf(index: number): Promise<boolean> {
    const extent = this.#parts.spec.packing.extents[0]!;
    const start = index % extent;
    const span = { start, end: start + 1, isKept: true };
    const part = await this.#chunk([Math.floor(index / extent)], span);
    return part !== undefined;
  }

  field(name: string): ArrayNode {
    const field = this.#type.fields?.find((one) => one.name === name);
    if (field !== undefined) return new ZarrArray(this.#parts, field);
    throw this.#parts.error(`it has no field ${name}`);
  }

  /** Fills numbers of a single axis, which matrices are mostly read by. */
  async #fillLine(
    values: StoredNumbers,
    start: number,
    end: number,
  ): Promise<void> {
    const extent = this.#parts.spec.packing.extents[0]!;
    for (let at = start; at < end;) {
      const chunk = Math.floor(at / extent);
      const first = chunk * extent;
      const last = Math.min(first + extent, this.shape[0]!);
      const stop = Math.min(last, end);
      const into = values.subarray(at - start, stop - start) as Float64Array;
      const part = await this.#chunk([chunk], {
        start: at - first,
        end: stop - first,
        isKept: at > first || stop < last,
        into,
      });
      if (part === undefined) into.fill(this.#fillValue() as number);
      else if (part.values !== into) {
        const from = at - first - part.start;
        const read = part.values as Float64Array;
        into.set(read.subarray(from, from + into.length));
      }
      at = stop;
    }
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
    region: Region,
  ): Promise<void> {
    const { extents, order } = this.#parts.spec.packing;
    const starts = extents.map((extent, axis) => coordinates[axis]! * extent);
    const from = starts.map((at, axis) => Math.max(at, region.from[axis]!));
    const to = starts.map((at, axis) =>
      Math.min(at + extents[axis]!, region.to[axis]!)
    );
    const counts = differences(to, from);
    const strides = stridesOf(extents, order);
    const rowStrides = stridesOf(differences(region.to, region.from));
    const first = sumProducts(strides, differences(from, starts));
    const end = first + 1 +
      sumProducts(strides, counts.map((count) => count - 1));
    const offset = sumProducts(rowStrides, differences(from, region.from));
    const [start = 0] = starts;
    const last = Math.min(start + (extents[0] ?? 1), this.shape[0] ?? 1);
    // What is read as a whole will hardly be asked for again.
    const isKept = start < (region.from[0] ?? 0) || last > (region.to[0] ?? 1);
    const part = await this.#chunk(coordinates, { start: first, end, isKept });
    this.#copyPart(counts, {
      part,
      from: part === undefined ? 0 : first - part.start,
      strides,
      target: { values, offset, strides: rowStrides },
    });
  }

  /** Copies what was read of a chunk, or what stands for one left out. */
  #copyPart(
    counts: readonly number[],
    { part, from, strides, target }: {
      readonly part: ChunkPart | undefined;
      readonly from: number;
      readonly strides: readonly number[];
      readonly target: Strided<Values>;
    },
  ): void {
    // What a field has several of in a value is one more axis for each extent.
    const inner = this.#extents;
    const width = inner.reduce((all, one) => all * one, 1);
    const widen = (steps: readonly number[]) => [
      ...steps.map((step) => step * width),
      ...stridesOf(inner),
    ];
    const all = [...counts, ...inner];
    const source = part === undefined
      ? { values: [this.#fillValue()], offset: 0, strides: all.map(() => 0) }
      : {
        values: part.values as unknown as Values,
        offset: from * width,
        strides: widen(strides),
      };
    const { offset, strides: steps, values } = target;
    const to = { values, offset: offset * width, strides: widen(steps) };
    copyStrided(all, source, to);
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

  async #chunk(
    coordinates: readonly number[],
    span: ChunkSpan,
  ): Promise<ChunkPart | undefined> {
    try {
      return await this.#reader.get(coordinates, span);
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

function differences(
  ends: readonly number[],
  starts: readonly number[],
): number[] {
  return ends.map((end, axis) => end - starts[axis]!);
}

function sumProducts(
  steps: readonly number[],
  counts: readonly number[],
): number {
  return steps.reduce((all, step, axis) => all + step * counts[axis]!, 0);
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
