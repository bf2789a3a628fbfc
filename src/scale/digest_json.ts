import { Md5 } from "../io/digest.ts";

/**
 * The identifier of values that JSON can hold.
 *
 * @param value The values.
 * @returns A UUID: the md5 of the JSON.
 */
export function digestOf(value: unknown): string {
  return digestOfBytes(new TextEncoder().encode(JSON.stringify(value)));
}

/**
 * The identifier of numbers in memory.
 *
 * @param values The numbers.
 * @returns A UUID: the md5 of their bytes.
 */
export function digestOfBytes(values: Int32Array | Uint8Array): string {
  const digest = new Md5();
  const { buffer, byteOffset, byteLength } = values;
  digest.update(new Uint8Array(buffer, byteOffset, byteLength));
  return digest.uuid();
}
