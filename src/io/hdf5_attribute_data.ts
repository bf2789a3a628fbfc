/** Where an HDF5 file has the values of an attribute. */
import type { FileSource } from "./file_source.ts";
import { type Hdf5Message, readHdf5Messages } from "./hdf5_layout.ts";

/** The number of the messages that are attributes. */
const ATTRIBUTE = 12;
/** A message whose content is elsewhere. */
const SHARED = 2;

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
