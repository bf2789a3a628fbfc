import { gzipSync } from "node:zlib";

/**
 * Compresses as `gzip` does by default, without a time or a system in the
 * header, so that the same content gives the same bytes.
 *
 * @param bytes What to compress.
 * @returns The gzip file.
 */
export function gzip(bytes: Uint8Array): Uint8Array {
  const compressed = new Uint8Array(gzipSync(bytes, { level: 6 }));
  const modified = 4;
  const system = 9;
  compressed.fill(0, modified, modified + 4);
  compressed[system] = 255;
  return compressed;
}
