import { createHash } from "node:crypto";
import { FileSource } from "./file_source.ts";

/** Bytes that are read at once. */
const WINDOW_BYTES = 1 << 20;

/** An md5 that grows with what it is given and ends as a UUID. */
export class Md5 {
  readonly #hash = createHash("md5");

  /**
   * Adds bytes.
   *
   * @param bytes The bytes that come next.
   */
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /**
   * Ends the digest.
   *
   * @returns The 16 bytes as a UUID in lower case; no version bits are set.
   */
  uuid(): string {
    return formatUuid(this.#hash.digest("hex"));
  }
}

/**
 * The identifier of a file's content: the UUID whose bytes are its md5.
 *
 * @param path The path of the file.
 * @returns The UUID in lower case.
 *
 * @example Identify a file
 * ```ts
 * import { fileUuid } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "abc");
 * assertEquals(fileUuid(path), "90015098-3cd2-4fb0-d696-3f7d28e17f72");
 * await Deno.remove(path);
 * ```
 */
export function fileUuid(path: string): string {
  using source = FileSource.open(path);
  const digest = new Md5();
  const window = new Uint8Array(Math.min(WINDOW_BYTES, source.byteLength));
  for (let at = 0; at < source.byteLength; at += WINDOW_BYTES) {
    const bytes = window.subarray(0, source.byteLength - at);
    source.read(at, bytes);
    digest.update(bytes);
  }
  return digest.uuid();
}

/**
 * Combines identifiers into one: the md5 of their 16-byte forms in order.
 *
 * @param uuids The UUIDs.
 * @returns The UUID of all of them, which depends on their order.
 * @throws {SyntaxError} If one of them is not a UUID.
 *
 * @example Identify a batch by its genes and its matrix
 * ```ts
 * import { combineUuids } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const genes = "90015098-3cd2-4fb0-d696-3f7d28e17f72";
 * const matrix = "d41d8cd9-8f00-b204-e980-0998ecf8427e";
 * assertEquals(
 *   combineUuids([genes, matrix]),
 *   "fdf1fdf1-567f-6942-ffe1-743f1e72301e",
 * );
 * ```
 */
export function combineUuids(uuids: readonly string[]): string {
  const digest = new Md5();
  for (const uuid of uuids) {
    if (!isUuid(uuid)) {
      throw new SyntaxError(`Cannot combine uuids: "${uuid}" is not a UUID`);
    }
    digest.update(Uint8Array.fromHex(uuid.replaceAll("-", "")));
  }
  return digest.uuid();
}

/**
 * Whether a text is a UUID as this project writes them.
 *
 * @param text The text.
 * @returns True for 32 hexadecimal digits grouped 8-4-4-4-12.
 */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function formatUuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
