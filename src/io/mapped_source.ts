/**
 * A file mapped into memory, for those who ask for it. It is read about a
 * quarter faster in sequence than by position, and it needs `--allow-ffi`,
 * because mapping goes through the system's C library. If the file is
 * truncated while it is mapped, the system kills the process: so it is never
 * the default.
 */
import { type ByteSource, checkRange } from "./byte_source.ts";
import { FileSource } from "./file_source.ts";

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  mmap: {
    parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"],
    result: "pointer",
  },
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
} as const;

const READ_ONLY = 0;
const PROTECTION_READ = 1;
const MAP_SHARED = 1;

type SystemLibrary = Deno.DynamicLibrary<typeof SYMBOLS>;

/** A file in memory as a {@linkcode ByteSource}, mapped by the system. */
export class MappedSource implements ByteSource {
  /** The path of the file. */
  readonly name: string;
  readonly #file: FileSource;
  readonly #library: SystemLibrary;
  readonly #pointer: Deno.PointerObject;
  #bytes: Uint8Array | undefined;
  #isShared = false;

  private constructor(
    file: FileSource,
    library: SystemLibrary,
    pointer: Deno.PointerObject,
  ) {
    this.name = file.name;
    this.#file = file;
    this.#library = library;
    this.#pointer = pointer;
    this.#bytes = new Uint8Array(
      Deno.UnsafePointerView.getArrayBuffer(pointer, file.byteLength),
    );
  }

  /**
   * Maps a file.
   *
   * @param path The path of the file, which must not be empty.
   * @returns The open source.
   * @throws {Error} Without `--allow-ffi`, on Windows, or if the system
   * refuses.
   */
  static open(path: string): MappedSource {
    checkPermission(path);
    const file = FileSource.open(path);
    try {
      const library = openLibrary(path);
      const pointer = mapFile(library, path, file.byteLength);
      return new MappedSource(file, library, pointer);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The size of the file when it was mapped, in bytes. */
  get byteLength(): number {
    return this.#file.byteLength;
  }

  /** The file that is mapped, which can be read by position too. */
  get file(): FileSource {
    return this.#file;
  }

  /**
   * The mapped memory. Once it was handed out it stays mapped after `close`,
   * because reading unmapped memory kills the process.
   */
  get bytes(): Uint8Array {
    this.#isShared = true;
    return this.#open();
  }

  /**
   * Fills all of `target` with the bytes from `offset`.
   *
   * @param offset The first byte, from 0.
   * @param target Receives the bytes.
   * @throws {RangeError} If the range passes the end.
   */
  read(offset: number, target: Uint8Array): void {
    target.set(this.view(offset, target.byteLength));
  }

  /**
   * The bytes of a range, without a copy.
   *
   * @param offset The first byte, from 0.
   * @param length How many bytes.
   * @returns A view, which is not valid after `close`.
   * @throws {RangeError} If the range passes the end.
   * @throws {Error} If the file changed since it was opened.
   */
  view(offset: number, length: number): Uint8Array {
    const bytes = this.#open();
    checkRange(this, offset, length);
    this.checkUnchanged();
    return bytes.subarray(offset, offset + length);
  }

  /** Throws if the file changed since it was opened. */
  checkUnchanged(): void {
    this.#file.checkUnchanged();
  }

  /** Unmaps the file, unless its memory was handed out; closing twice is fine. */
  close(): void {
    if (!this.#bytes) return;
    this.#bytes = undefined;
    if (!this.#isShared) {
      this.#library.symbols.munmap(this.#pointer, BigInt(this.byteLength));
    }
    this.#library.close();
    this.#file.close();
  }

  /** Closes the source at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #open(): Uint8Array {
    if (this.#bytes) return this.#bytes;
    throw new Error(`Cannot read ${this.name}: it is closed`);
  }
}

/** The C library opens files past Deno's permissions, so they are asked first. */
function checkPermission(path: string): void {
  const read = Deno.permissions.querySync({ name: "read", path });
  const ffi = Deno.permissions.querySync({ name: "ffi" });
  if (read.state === "granted" && ffi.state === "granted") return;
  const missing = ffi.state === "granted" ? "--allow-read" : "--allow-ffi";
  throw new Error(`Cannot map ${path}: it needs ${missing}`);
}

function openLibrary(path: string): SystemLibrary {
  const names: Partial<Record<typeof Deno.build.os, string>> = {
    linux: "libc.so.6",
    darwin: "libSystem.dylib",
  };
  const name = names[Deno.build.os];
  if (name) return Deno.dlopen(name, SYMBOLS);
  throw new Error(`Cannot map ${path}: ${Deno.build.os} is not supported`);
}

function mapFile(
  library: SystemLibrary,
  path: string,
  byteLength: number,
): Deno.PointerObject {
  const { open, close, mmap } = library.symbols;
  const descriptor = open(new TextEncoder().encode(`${path}\0`), READ_ONLY);
  if (descriptor < 0) throw new Error(`Cannot map ${path}: it does not open`);
  const pointer = mmap(
    null,
    BigInt(byteLength),
    PROTECTION_READ,
    MAP_SHARED,
    descriptor,
    0n,
  );
  close(descriptor);
  const isFailure = pointer === null || Deno.UnsafePointer.value(pointer) ===
      0xffffffffffffffffn;
  if (isFailure) throw new Error(`Cannot map ${path}: the system refused`);
  return pointer;
}
