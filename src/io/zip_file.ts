/** Zip files of fixed times, written piece by piece. */
import { Zip, ZipDeflate } from "fflate";
import type { ByteSink } from "./byte_sink.ts";

/** Above it a zip file needs another format, which is not written. */
const MOST_BYTES = 2 ** 32 - 1;
/** Counts compress well at once, and hardly better with more effort. */
const LEVEL = 1;
/** The first time that a zip file can hold, so that bytes are reproducible. */
const TIME = new Date(1980, 0, 1);

/** Writes the members of a zip file one after the other. */
export class ZipFile {
  readonly #sink: ByteSink;
  readonly #zip: Zip;
  #member: ZipDeflate | undefined;
  #memberName = "";
  #memberBytes = 0;
  #isEnded = false;
  #failure: unknown;

  /** @param sink Where the bytes go; it stays with the caller. */
  constructor(sink: ByteSink) {
    this.#sink = sink;
    this.#zip = new Zip((error, bytes, isLast) => {
      this.#failure ??= error ?? undefined;
      if (this.#failure === undefined) sink.write(bytes);
      this.#isEnded ||= isLast;
    });
  }

  /**
   * Starts a member; the one before it is complete.
   *
   * @param name The name of the member.
   */
  start(name: string): void {
    this.#end();
    this.#memberName = name;
    this.#memberBytes = 0;
    this.#member = new ZipDeflate(name, { level: LEVEL });
    this.#member.mtime = TIME;
    this.#zip.add(this.#member);
  }

  /**
   * Adds to the member that was started last.
   *
   * @param bytes The content; the array may be reused.
   * @throws {RangeError} If the member or the file passes 4 GiB.
   */
  write(bytes: Uint8Array): void {
    this.#memberBytes += bytes.length;
    this.#member!.push(bytes);
    this.#check();
  }

  /**
   * Completes the file; the sink is left open.
   *
   * @throws {RangeError} If the file passes 4 GiB.
   */
  finish(): void {
    this.#end();
    this.#zip.end();
    this.#check();
    if (this.#isEnded) return;
    throw new Error(`Cannot write ${this.#sink.name}: the zip file has no end`);
  }

  #end(): void {
    this.#member?.push(new Uint8Array(0), true);
    this.#member = undefined;
    this.#check();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
    const { name, position } = this.#sink;
    const what = this.#memberBytes > MOST_BYTES
      ? `its member ${this.#memberName}`
      : position > MOST_BYTES
      ? "it"
      : undefined;
    if (what === undefined) return;
    throw new RangeError(
      `Cannot write ${name}: ${what} passes the 4 GiB of a zip file`,
    );
  }
}
