/** Where an HDF5 file has the values of an attribute. */
import type { FileSource } from "./file_source.ts";
import {
  type Hdf5Message,
  readHdf5Messages,
  readHdf5View,
  SHARED,
} from "./hdf5_messages.ts";

/** The number of the messages that are attributes. */
const ATTRIBUTE = 12;
/** The number of the message that says where there are more of them. */
const MORE_ATTRIBUTES = 21;

/** A tree of names, which starts so. */
const TREE = 0x42544844;
const TREE_BYTES = 34;
/** Where there is nothing. */
const NOWHERE = 2n ** 64n - 1n;

/**
 * Finds the values of an attribute, where they are beside the object, as those
 * of almost all attributes are.
 *
 * @param source The file.
 * @param reference What the library makes of the path of the object.
 * @param wanted The name of the attribute, and the bytes of its values.
 * @returns The bytes, or undefined where the library has to read them.
 */
export function findHdf5AttributeData(
  source: FileSource,
  reference: Uint8Array,
  wanted: { readonly name: string; readonly byteLength: number },
): DataView | undefined {
  const messages = readHdf5Messages(source, reference) ?? [];
  for (const message of messages) {
    const attribute = parseAttribute(message);
    if (attribute?.name !== wanted.name) continue;
    const { buffer, byteOffset, byteLength } = attribute.data;
    if (byteLength < wanted.byteLength) return undefined;
    return new DataView(buffer, byteOffset, wanted.byteLength);
  }
  return undefined;
}

/**
 * Counts the attributes of an object: the library lists none, and says
 * nothing, where the list of them is damaged.
 *
 * @param source The file.
 * @param reference What the library makes of the path of the object.
 * @returns How many there are, or undefined where only the library knows.
 * @throws {Error} If the list of them is damaged.
 */
export function countHdf5Attributes(
  source: FileSource,
  reference: Uint8Array,
): number | undefined {
  const messages = readHdf5Messages(source, reference);
  if (messages === undefined) return undefined;
  let count = 0;
  for (const { content, type } of messages) {
    if (type === ATTRIBUTE) count++;
    if (type === MORE_ATTRIBUTES) count += countMore(source, content);
  }
  return count;
}

/** Those that are not beside the object, of which there is a tree. */
function countMore(source: FileSource, content: DataView): number {
  const isOrdered = content.byteLength > 1 && (content.getUint8(1) & 1) !== 0;
  const heapAt = isOrdered ? 4 : 2;
  if (content.byteLength < heapAt + 16) throw damaged();
  const address = content.getBigUint64(heapAt + 8, true);
  if (content.getBigUint64(heapAt, true) === NOWHERE) return 0;
  const tree = readHdf5View(source, Number(address), TREE_BYTES);
  if (tree?.getUint32(0) !== TREE) throw damaged();
  return Number(tree.getBigUint64(26, true));
}

function damaged(): Error {
  return new Error("it is damaged: its attributes can not be found");
}

function parseAttribute(
  { content, flags, type }: Hdf5Message,
): { readonly name: string; readonly data: DataView } | undefined {
  const isPlain = type === ATTRIBUTE && (flags & SHARED) === 0 &&
    content.byteLength >= 9;
  const version = isPlain ? content.getUint8(0) : 0;
  if (version < 1 || version > 3) return undefined;
  const [name, kind, space] = [2, 4, 6]
    .map((at) => content.getUint16(at, true)) as [number, number, number];
  const isPadded = version === 1;
  const pad = (length: number) => isPadded ? 8 * Math.ceil(length / 8) : length;
  const start = version === 3 ? 9 : 8;
  const dataStart = start + pad(name) + pad(kind) + pad(space);
  if (name === 0 || dataStart > content.byteLength) return undefined;
  const { buffer, byteOffset, byteLength } = content;
  // The name ends at a zero, which counts.
  const text = new Uint8Array(buffer, byteOffset + start, name - 1);
  const length = byteLength - dataStart;
  return {
    name: new TextDecoder().decode(text),
    data: new DataView(buffer, byteOffset + dataStart, length),
  };
}
