/** The attributes of what is in an HDF5 file. */
import type { FileSource } from "./file_source.ts";
import {
  countHdf5Attributes,
  findHdf5AttributeData,
} from "./hdf5_attribute_data.ts";
import { Hdf5HeapReader } from "./hdf5_heap_reader.ts";
import { readHeapTexts } from "./hdf5_texts.ts";
import type { Hdf5Library, Hdf5Metadata } from "./hdf5_library.ts";
import { checkHdf5Object } from "./hdf5_messages.ts";
import { typeClassOf, unpackArrayType } from "./hdf5_types.ts";
import { decodeNumbers, decodeTexts, slotOf } from "./hdf5_values.ts";
import { countOf } from "./plural.ts";

/** The value of an attribute; a reference is the path of what it refers to. */
export type Hdf5Attribute =
  | string
  | number
  | boolean
  | null
  | { readonly reference: string }
  | readonly Hdf5Attribute[];

/** What attributes are read from. */
export interface Hdf5AttributesPlace {
  /** The file. */
  readonly source: FileSource;
  /** The path of the group or dataset that has them. */
  readonly path: string;
  /** The true size of the file. */
  readonly fileLength: number;
  /** The file for the library. */
  readonly file: bigint;
  /** Calls the library. */
  readonly call: Hdf5Library["call"];
}

/** A small attribute, as most are, may have a type of any size. */
const SMALL_BYTES = 65536;
/** A reference to an object: the address of it. */
const REFERENCE_BYTES = 8;
/** A reference to a text: its length, and where in which heap it is. */
const HEAP_REFERENCE_BYTES = 16;

/**
 * Reads the attributes of a group or dataset. Lists of several dimensions
 * become flat, and what is neither text, number, bool nor a reference to an
 * object is left out.
 *
 * @param place Where they are.
 * @returns The attributes by their names.
 * @throws {Error} If they can't be read.
 */
export function readHdf5Attributes(
  place: Hdf5AttributesPlace,
): Record<string, Hdf5Attribute> {
  const { call, file, path } = place;
  const names = call(({ get_attribute_names }) =>
    get_attribute_names(file, path)
  );
  const count = countHdf5Attributes(place.source, referenceOf(place));
  if (count !== undefined && count !== names.length) {
    throw new Error(
      `it is damaged: ${names.length} of its ${count} attributes can be read`,
    );
  }
  const entries = names
    .map((name) => [name, readAttribute(place, name)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, Hdf5Attribute>;
}

function readAttribute(
  place: Hdf5AttributesPlace,
  name: string,
): Hdf5Attribute | undefined {
  const { call, file, fileLength, path } = place;
  const metadata = call(({ get_attribute_metadata }) =>
    get_attribute_metadata(file, path, name)
  );
  const { shape, size } = metadata;
  if (shape === null) return null;
  const count = shape.reduce((all, extent) => all * extent, 1);
  if (count * size > Math.max(fileLength, SMALL_BYTES)) {
    throw new Error(
      `its attribute ${name} claims ` +
        `${countOf(count, "value")} of ${size} bytes, ` +
        `more than a file of ${fileLength} bytes can hold`,
    );
  }
  const values = readTexts(place, name, metadata) ??
    readValues(place, name, { metadata, bytes: count * size });
  return shape.length === 0 ? values?.[0] : values;
}

/**
 * Reads texts of any length without the library, which would take as much
 * memory as a damaged length says.
 */
function readTexts(
  place: Hdf5AttributesPlace,
  name: string,
  metadata: Hdf5Metadata,
): string[] | undefined {
  const { source } = place;
  if (typeClassOf(metadata) !== "string" || !metadata.vlen) return undefined;
  const reference = referenceOf(place);
  const count = (metadata.shape ?? []).reduce((all, one) => all * one, 1);
  const data = findHdf5AttributeData(source, reference, {
    name,
    byteLength: HEAP_REFERENCE_BYTES * count,
  });
  if (data === undefined) return undefined;
  try {
    return readHeapTexts(new Hdf5HeapReader(source), data, 0);
  } catch (error) {
    throw new Error(`its attribute ${name}: ${(error as Error).message}`);
  }
}

/** What the library makes of the path: the address of the object. */
function referenceOf({ call, file, path }: Hdf5AttributesPlace): Uint8Array {
  return Uint8Array.from(
    call(({ create_object_reference }) => create_object_reference(file, path)),
  );
}

function readValues(
  place: Hdf5AttributesPlace,
  name: string,
  { metadata, bytes }: { metadata: Hdf5Metadata; bytes: number },
): readonly Hdf5Attribute[] | undefined {
  const { call, file, path } = place;
  const pointer = call(({ _malloc }) => _malloc(Math.max(bytes, 1)));
  if (pointer === 0) throw new Error(`no memory for its attribute ${name}`);
  try {
    if (bytes === 0) return [];
    call(({ get_attribute_data }) =>
      get_attribute_data(file, path, name, BigInt(pointer))
    );
    try {
      return decode(place, metadata, pointer);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new Error(`its attribute ${name}: ${error.message}`);
    } finally {
      if (metadata.vlen) {
        call(({ reclaim_vlen_memory }) =>
          reclaim_vlen_memory(file, path, name, BigInt(pointer))
        );
      }
    }
  } finally {
    call(({ _free }) => _free(pointer));
  }
}

function decode(
  place: Hdf5AttributesPlace,
  metadata: Hdf5Metadata,
  pointer: number,
): readonly Hdf5Attribute[] | undefined {
  const { memory } = place.call(({ HEAPU8 }) => ({ memory: HEAPU8 }));
  const count = (metadata.shape ?? []).reduce((all, one) => all * one, 1);
  const bytes = memory.subarray(pointer, pointer + count * metadata.size);
  const typeClass = typeClassOf(unpackArrayType(metadata).type);
  if (typeClass === "reference") return decodeReferences(place, bytes);
  const slot = slotOf(metadata)!;
  const texts = decodeTexts(bytes, slot, { memory, start: 0 });
  if (texts !== undefined) return texts;
  const numbers = decodeNumbers(bytes, slot);
  if (numbers === undefined) return undefined;
  const isBool = typeClass === "bool";
  return Array.from<number | bigint, Hdf5Attribute>(
    numbers,
    (value) => isBool ? value === 1 : Number(value),
  );
}

function decodeReferences(
  place: Hdf5AttributesPlace,
  bytes: Uint8Array,
): Hdf5Attribute[] {
  const values: Hdf5Attribute[] = [];
  for (let at = 0; at < bytes.length; at += REFERENCE_BYTES) {
    const reference = bytes.slice(at, at + REFERENCE_BYTES);
    values.push(
      reference.some((byte) => byte !== 0)
        ? { reference: referencedPath(place, reference) }
        : null,
    );
  }
  return values;
}

function referencedPath(
  { call, file, source }: Hdf5AttributesPlace,
  reference: Uint8Array,
): string {
  checkHdf5Object(source, reference);
  const path = call(({ get_referenced_name }) =>
    get_referenced_name(file, reference, true)
  );
  if (path === null) throw new Error("it refers to nothing in the file");
  return path.split("/").filter((name) => name !== "").join("/");
}
