/** Gzip files whose bytes depend on nothing but their content. */
import { createGzip, gzipSync } from "node:zlib";
import { FileSink } from "./file_sink.ts";
import { describeSystemError } from "./system_errors.ts";

/** What `gzip` itself takes. */
const LEVEL = 6;
/** Where the header has the time, in 4 bytes, and the system. */
const TIME_OFFSET = 4;
const SYSTEM_OFFSET = 9;
/** A system that is not known. */
const NO_SYSTEM = 255;

/**
 * Compresses as `gzip` does by default, without a time or a system in the
 * header, so that the same content gives the same bytes.
 *
 * @param bytes What to compress.
 * @returns The gzip file.
 */
export function gzip(bytes: Uint8Array): Uint8Array {
  const compressed = new Uint8Array(gzipSync(bytes, { level: LEVEL }));
  compressed.fill(0, TIME_OFFSET, TIME_OFFSET + 4);
  compressed[SYSTEM_OFFSET] = NO_SYSTEM;
  return compressed;
}

/**
 * Writes a new gzip file piece by piece, as {@linkcode gzip} would make it.
 * The file must not exist.
 */
export class GzipFile {
  readonly #sink: FileSink;
  readonly #gzip = createGzip({ level: LEVEL, chunkSize: 1 << 16 });
  #failure: unknown;

  private constructor(sink: FileSink) {
    this.#sink = sink;
    this.#gzip.on("data", (chunk: Uint8Array) => this.#put(chunk));
    this.#gzip.on("error", (error) => {
      this.#failure ??= describeSystemError(`write ${sink.name}`, error);
    });
  }

  /**
   * Creates a file. Needs `--allow-write` for the path.
   *
   * @param path The path, where nothing may be yet.
   * @returns The open file.
   */
  static create(path: string): GzipFile {
    return new GzipFile(FileSink.create(path));
  }

  /**
   * Adds content.
   *
   * @param bytes The content; the array may be reused when this is done.
   */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#gzip.write(bytes, () => resolve());
    });
    this.#check();
  }

  /** Makes the file durable and closes it. */
  async finish(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#gzip.once("end", resolve);
      this.#gzip.once("close", resolve);
      this.#gzip.end();
    });
    this.#check();
    this.#sink.writeAt(TIME_OFFSET, new Uint8Array(4));
    this.#sink.writeAt(SYSTEM_OFFSET, Uint8Array.of(NO_SYSTEM));
    this.#sink.finish();
  }

  /** Closes the file and removes it. */
  abort(): void {
    this.#gzip.destroy();
    this.#sink.abort();
  }

  #put(chunk: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      this.#sink.write(chunk);
    } catch (error) {
      this.#failure = error;
    }
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
