/** The messages that describe an object of an HDF5 file, in its header. */
import { alignUp, Hdf5Bytes } from "./hdf5_write_bytes.ts";
import type { Hdf5ChunkedLayout } from "./hdf5_write_chunks.ts";
import {
  encodeType,
  type Hdf5WriteType,
  typeSize,
} from "./hdf5_write_types.ts";

/** One message of a header. */
export interface Hdf5Message {
  /** What it is about. */
  readonly type: number;
  /** What it says. */
  readonly data: Uint8Array;
}

/** Where the values of a dataset are. */
export type Hdf5Layout =
  | { readonly kind: "contiguous"; readonly address: number | undefined }
  | Hdf5ChunkedLayout;

/** What messages are about. */
const SPACE = 0x01;
const LINKS = 0x02;
const TYPE = 0x03;
const FILL = 0x05;
const LINK = 0x06;
const LAYOUT = 0x08;
const GROUP = 0x0a;
const FILTERS = 0x0b;
const ATTRIBUTE = 0x0c;

/** A message states its size in 16 bits, and the header their number. */
const MOST_BYTES = 0xfff8;
const MOST_MESSAGES = 0xffff;

/** The filters, by their registered numbers. */
const DEFLATE = 1;
const SHUFFLE = 2;
/** A filter that is missing is an error when its data are read. */
const MANDATORY = 0;

/**
 * Encodes the header of an object.
 *
 * @param messages What describes it.
 * @returns The bytes.
 * @throws {RangeError} If there is too much of it.
 */
export function encodeHeader(messages: readonly Hdf5Message[]): Uint8Array {
  if (messages.length > MOST_MESSAGES) {
    throw new RangeError(`it has more than ${MOST_MESSAGES} parts`);
  }
  const size = messages.reduce(
    (sum, { data }) => sum + 8 + alignUp(data.length),
    0,
  );
  const bytes = new Hdf5Bytes().u8(1, 0).u16(messages.length).u32(1, size, 0);
  for (const { type, data } of messages) {
    if (data.length > MOST_BYTES) {
      throw new RangeError(`a part of its description passes 64 KiB`);
    }
    bytes.u16(type, alignUp(data.length)).u32(0).add(data).align();
  }
  return bytes.take();
}

/**
 * Describes a group.
 *
 * @param links The addresses of the headers of what is in it, by name.
 * @returns The messages.
 */
export function groupMessages(
  links: ReadonlyMap<string, number>,
): Hdf5Message[] {
  const info = new Hdf5Bytes().u8(0, 0).u64(undefined, undefined).take();
  const messages = [
    { type: LINKS, data: info },
    { type: GROUP, data: Uint8Array.of(0, 0) },
  ];
  for (const [name, address] of links) {
    const text = new TextEncoder().encode(name);
    // A name in UTF-8, its length in 16 bits.
    const data = new Hdf5Bytes().u8(1, 0x11, 1).u16(text.length).add(text)
      .u64(address).take();
    messages.push({ type: LINK, data });
  }
  return messages;
}

/**
 * Describes a dataset of one dimension.
 *
 * @param dataset The type of its values, how many there are, and where.
 * @returns The messages.
 */
export function datasetMessages(
  { layout, length, type }: {
    readonly type: Hdf5WriteType;
    readonly length: number;
    readonly layout: Hdf5Layout;
  },
): Hdf5Message[] {
  const isChunked = layout.kind === "chunked";
  const place = new Hdf5Bytes();
  if (isChunked) {
    place.u8(3, 2, 2).u64(layout.address);
    place.u32(layout.chunkLength, typeSize(type));
  } else {
    place.u8(3, 1).u64(layout.address, length * typeSize(type));
  }
  return [
    { type: SPACE, data: encodeSpace([length], isChunked) },
    { type: TYPE, data: encodeType(type) },
    // Chunks are allocated as they come, and zeros are what is not written.
    { type: FILL, data: Uint8Array.of(2, isChunked ? 3 : 2, 2, 1, 0, 0, 0, 0) },
    ...isChunked ? [filterMessage(type, layout.level)] : [],
    { type: LAYOUT, data: place.take() },
  ];
}

/**
 * Describes an attribute, with its value.
 *
 * @param name The name, in ASCII.
 * @param type The type of its values.
 * @param shape The extents; none of a scalar.
 * @param data The values.
 * @returns The message.
 */
export function attributeMessage(
  name: string,
  type: Hdf5WriteType,
  shape: readonly number[],
  data: Uint8Array,
): Hdf5Message {
  const encodedType = encodeType(type);
  const space = encodeSpace(shape, false);
  const bytes = new Hdf5Bytes().u8(1, 0);
  bytes.u16(name.length + 1, encodedType.length, space.length);
  bytes.text(name).align().add(encodedType).align().add(space).align();
  return { type: ATTRIBUTE, data: bytes.add(data).take() };
}

function encodeSpace(
  shape: readonly number[],
  isGrowing: boolean,
): Uint8Array {
  const bytes = new Hdf5Bytes();
  bytes.u8(1, shape.length, isGrowing ? 1 : 0).fillTo(8).u64(...shape);
  if (isGrowing) bytes.u64(...shape.map(() => undefined));
  return bytes.take();
}

function filterMessage(type: Hdf5WriteType, level: number): Hdf5Message {
  const bytes = new Hdf5Bytes().u8(2, 2);
  bytes.u16(SHUFFLE, MANDATORY, 1).u32(typeSize(type));
  bytes.u16(DEFLATE, MANDATORY, 1).u32(level);
  return { type: FILTERS, data: bytes.take() };
}
