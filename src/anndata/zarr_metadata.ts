/** What the metadata of a zarr array say, of both versions alike. */
import { countOf } from "../io/plural.ts";
import { findCodec, type ZarrCodec } from "./zarr_codecs.ts";
import {
  parseFill,
  parseTypeV2,
  parseTypeV3,
  TEXT,
  type ZarrType,
} from "./zarr_types.ts";

/** How chunks are packed. */
export interface ZarrPacking {
  /** The extents of a chunk. */
  readonly extents: readonly number[];
  /** The axes in the order in which a chunk has them, the slowest first. */
  readonly order: readonly number[];
  /** Whether the highest byte of a value comes first. */
  readonly isBig: boolean;
  /** What the bytes went through, in the order of writing. */
  readonly codecs: readonly ZarrCodec[];
}

/** How chunks are kept together in one file. */
export interface ZarrSharding {
  /** The extents of what is in a file. */
  readonly extents: readonly number[];
  /** Whether the list of the chunks has a checksum. */
  readonly hasChecksum: boolean;
  /** Whether the list comes before the chunks. */
  readonly isIndexFirst: boolean;
}

/** An array, as its metadata describe it. */
export interface ZarrSpec {
  /** The extents. */
  readonly shape: readonly number[];
  /** The type of the values. */
  readonly type: ZarrType;
  /** What stands for values that are not there, where that is known. */
  readonly fill: number | string | undefined;
  /** The chunks. */
  readonly packing: ZarrPacking;
  /** The files of chunks, where several are in one. */
  readonly sharding?: ZarrSharding;
  /** What stands between the numbers in the name of a file of chunks. */
  readonly separator: string;
  /** What stands in front of them. */
  readonly prefix: string;
}

type Json = Readonly<Record<string, unknown>>;

/** The most dimensions; numpy has no more. */
const MOST_DIMENSIONS = 32;

/**
 * Reads the metadata of an array of version 2.
 *
 * @param json What `.zarray` holds.
 * @returns The description.
 * @throws {Error} If the array can't be read right; with the reason.
 */
export function parseArrayV2(json: Json): ZarrSpec {
  const shape = extentsOf(json["shape"], "shape", 0);
  const extents = extentsOf(json["chunks"], "chunks", 1);
  requireRank(shape, extents);
  const filters = codecList(json["filters"] ?? [], "id");
  const isText = filters[0]?.name === "vlen-utf8";
  if (json["dtype"] === "|O" && !isText) {
    throw new Error(
      "its values are objects" +
        (filters[0] ? `, packed by ${filters[0].name}` : ""),
    );
  }
  const type = parseTypeV2(json["dtype"], isText);
  const compressors = json["compressor"] === null
    ? []
    : codecList([json["compressor"]], "id");
  const codecs = [...isText ? filters.slice(1) : filters, ...compressors]
    .map((codec) => findCodec(codec.name, type.itemBytes, codec.configuration));
  const axes = shape.map((_, axis) => axis);
  const order = json["order"] === "F" ? axes.reverse() : axes;
  const separator = json["dimension_separator"] ?? ".";
  if (separator !== "." && separator !== "/") throw wrong("separator");
  const fill = parseFill(type, json["fill_value"]);
  const packing = { extents, order, isBig: type.isBig, codecs };
  return { shape, type, fill, packing, separator, prefix: "" };
}

/**
 * Reads the metadata of an array of version 3.
 *
 * @param json What `zarr.json` holds.
 * @returns The description.
 * @throws {Error} If the array can't be read right; with the reason.
 */
export function parseArrayV3(json: Json): ZarrSpec {
  const shape = extentsOf(json["shape"], "shape", 0);
  const type = parseTypeV3(json["data_type"]);
  const fill = parseFill(type, json["fill_value"]);
  const grid = named(json["chunk_grid"], "chunk grid");
  if (grid.name !== "regular") throw unknown("chunk grid", grid.name);
  const extents = extentsOf(grid.configuration["chunk_shape"], "chunks", 1);
  requireRank(shape, extents);
  const keys = named(json["chunk_key_encoding"], "chunk key encoding");
  if (keys.name !== "default" && keys.name !== "v2") {
    throw unknown("chunk key encoding", keys.name);
  }
  const isDefault = keys.name === "default";
  const separator = keys.configuration["separator"] ?? (isDefault ? "/" : ".");
  if (separator !== "." && separator !== "/") throw wrong("separator");
  const prefix = isDefault ? "c" : "";
  const codecs = codecList(json["codecs"], "name");
  const shared = { shape, type, fill, separator, prefix };
  if (codecs[0]?.name !== "sharding_indexed") {
    return { ...shared, packing: parsePacking(codecs, type, extents) };
  }
  if (codecs.length > 1) throw unknown("codec after shards", codecs[1]!.name);
  return {
    ...shared,
    ...parseSharding(codecs[0].configuration, type, extents),
  };
}

function parseSharding(
  configuration: Json,
  type: ZarrType,
  outer: readonly number[],
): Pick<ZarrSpec, "packing" | "sharding"> {
  const inner = extentsOf(configuration["chunk_shape"], "chunks", 1);
  requireRank(outer, inner);
  if (outer.some((extent, axis) => extent % inner[axis]! !== 0)) {
    throw new Error(`its shards of ${outer} do not hold chunks of ${inner}`);
  }
  const indexCodecs = codecList(configuration["index_codecs"], "name");
  const [first, second, ...rest] = indexCodecs;
  const isKnown = first?.name === "bytes" &&
    first.configuration["endian"] !== "big" && rest.length === 0 &&
    (second === undefined || second.name === "crc32c");
  if (!isKnown) {
    const names = indexCodecs.map(({ name }) => name).join(", ");
    throw new Error(`the list of its shards is packed by ${names}`);
  }
  const place = configuration["index_location"] ?? "end";
  if (place !== "end" && place !== "start") throw wrong("index location");
  const codecs = codecList(configuration["codecs"], "name");
  return {
    packing: parsePacking(codecs, type, inner),
    sharding: {
      extents: outer,
      hasChecksum: second !== undefined,
      isIndexFirst: place === "start",
    },
  };
}

function parsePacking(
  list: readonly NamedCodec[],
  type: ZarrType,
  extents: readonly number[],
): ZarrPacking {
  let order = extents.map((_, axis) => axis);
  let at = 0;
  if (list[at]?.name === "transpose") {
    order = parseOrder(list[at]!.configuration["order"], extents.length);
    at++;
  }
  const { name, configuration } = list[at] ?? { name: "none" };
  const expected = type === TEXT ? "vlen-utf8" : "bytes";
  if (name !== expected && !(type.kind === "other")) {
    throw new Error(`its codec ${name} can not be decoded`);
  }
  const isBig = configuration?.["endian"] === "big";
  const codecs = list.slice(at + 1).map((codec) =>
    findCodec(codec.name, type.itemBytes, codec.configuration)
  );
  return { extents, order, isBig, codecs };
}

function parseOrder(order: unknown, rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  if (order === "C") return axes;
  if (order === "F") return axes.reverse();
  const isFine = Array.isArray(order) && order.length === rank &&
    axes.every((axis) => order.includes(axis));
  if (isFine) return order as number[];
  throw wrong("order of axes");
}

interface NamedCodec {
  readonly name: string;
  readonly configuration: Json;
}

function codecList(list: unknown, key: "id" | "name"): NamedCodec[] {
  if (!Array.isArray(list)) throw wrong("list of codecs");
  return list.map((codec) => {
    if (typeof codec === "string") return { name: codec, configuration: {} };
    const { [key]: name, configuration } = (codec ?? {}) as Json;
    if (typeof name !== "string") throw wrong("list of codecs");
    // Version 2 has what is to a codec beside its name.
    const json = key === "id" ? codec : configuration ?? {};
    return { name, configuration: json as Json };
  });
}

function named(value: unknown, what: string): NamedCodec {
  const { name, configuration } = (value ?? {}) as Json;
  if (typeof name !== "string") throw wrong(what);
  return { name, configuration: (configuration ?? {}) as Json };
}

function extentsOf(value: unknown, what: string, least: number): number[] {
  const isFine = Array.isArray(value) && value.length <= MOST_DIMENSIONS &&
    value.every((one) => Number.isSafeInteger(one) && one >= least);
  if (!isFine) throw wrong(what);
  return value as number[];
}

function requireRank(
  shape: readonly number[],
  chunks: readonly number[],
): void {
  if (shape.length === chunks.length) return;
  throw new Error(
    "its chunks have " +
      `${countOf(chunks.length, "dimension")}, and it has ${shape.length}`,
  );
}

function unknown(what: string, name: string): Error {
  return new Error(`its ${what} ${name} is not known`);
}

function wrong(what: string): Error {
  return new Error(`its metadata have no right ${what}`);
}
