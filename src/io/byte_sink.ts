/**
 * Where a writer of a format puts its bytes: a file or memory. Bytes go to the
 * end; a header whose content is known late is put in place afterwards.
 */
export interface ByteSink {
  /** What messages call the sink: a path, or a description. */
  readonly name: string;
  /** How many bytes were written, which is the offset of the next. */
  readonly position: number;
  /** Adds bytes at the end. The caller may reuse the array. */
  write(bytes: Uint8Array): void;
  /** Replaces bytes that were written before. */
  writeAt(offset: number, bytes: Uint8Array): void;
  /** Makes all bytes durable and closes the sink. */
  finish(): void;
  /** Closes the sink and throws away what was written. */
  abort(): void;
}
