import { Buffer } from "node:buffer";

/**
 * Makes a letter of each byte, which is right for ASCII at least. A text
 * decoder takes ten times as long.
 *
 * @param bytes The bytes.
 * @returns As many letters.
 */
export function decodeLatin1(bytes: Uint8Array): string {
  const { buffer, byteLength, byteOffset } = bytes;
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}
