/**
 * What the threads of a loader send each other. Arrays are taken apart into
 * their buffers, which move: the threads of `node:worker_threads` look at each
 * number of a typed array, which takes a hundred times as long as to read it.
 */

/** A typed array that was taken apart. */
interface PackedArray {
  readonly packed: string;
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly length: number;
}

/** A message, and the buffers in it. */
export interface PackedMessage {
  /** The message. */
  readonly message: unknown;
  /** The buffers that move with it. */
  readonly transfer: readonly ArrayBuffer[];
}

type ArrayConstructor = new (
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
) => ArrayBufferView;

/**
 * Takes a message apart. Its arrays are of no more use when it was sent.
 *
 * @param message Records of records, typed arrays and what can be cloned.
 * @returns What is sent.
 */
export function packMessage(message: unknown): PackedMessage {
  const buffers = new Set<ArrayBuffer>();
  return { message: pack(message, buffers), transfer: [...buffers] };
}

/**
 * Puts a message together.
 *
 * @param message What came.
 * @returns What was sent.
 */
export function unpackMessage(message: unknown): unknown {
  if (!isRecord(message)) return message;
  if (!("packed" in message)) return mapRecord(message, unpackMessage);
  const { buffer, byteOffset, length, packed } = message as unknown as
    & PackedArray
    & { packed: "Int32Array" };
  const Numbers: ArrayConstructor = globalThis[packed];
  return new Numbers(buffer, byteOffset, length);
}

function pack(value: unknown, buffers: Set<ArrayBuffer>): unknown {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, length } = value as Uint8Array;
    if (buffer instanceof ArrayBuffer) buffers.add(buffer);
    return { packed: value.constructor.name, buffer, byteOffset, length };
  }
  if (!isRecord(value)) return value;
  return mapRecord(value, (part) => pack(part, buffers));
}

function mapRecord(
  record: Readonly<Record<string, unknown>>,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(record);
  return Object.fromEntries(entries.map(([key, part]) => [key, map(part)]));
}

/** Arrays are lists of labels, in which there is nothing to take apart. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}
