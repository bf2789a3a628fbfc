/**
 * A source of bytes that can be read at any offset: a file, a memory map, a
 * buffer, later a blob or a URL. Readers of formats are written against this
 * and never ask where the bytes are.
 */
export interface ByteSource extends Disposable {
  /** What messages call the source: a path, or a description. */
  readonly name: string;
  /** How many bytes there are. */
  readonly byteLength: number;
  /**
   * Fills all of `target` with the bytes from `offset`. A source that has its
   * bytes at hand returns nothing; one that must wait returns a promise.
   */
  read(offset: number, target: Uint8Array): void | Promise<void>;
  /**
   * A view of bytes that are in memory as they are, where the source has them
   * so. It must not be written to, nor used after the source is closed.
   */
  view?(offset: number, length: number): Uint8Array;
  /**
   * Throws where what the source was opened on has changed since. Sources
   * that can't change have none.
   */
  checkUnchanged?(): void;
  /** Releases what the source holds; closing twice is fine. */
  close(): void;
}

/**
 * Checks that a range lies inside a source.
 *
 * @param source The source that is to be read.
 * @param offset The first byte, from 0.
 * @param length How many bytes.
 */
export function checkRange(
  source: ByteSource,
  offset: number,
  length: number,
): void {
  if (offset >= 0 && offset + length <= source.byteLength) return;
  throw new RangeError(
    `Cannot read ${length} bytes at offset ${offset} of ${source.name}: ` +
      `it has ${source.byteLength} bytes`,
  );
}
