/**
 * The HDF5 library as WebAssembly, loaded when it is first asked for. It sees
 * one kind of file alone: those that {@linkcode Hdf5Library.addFile} shows it.
 * So it needs no permission of its own, and what a file says of other files,
 * as external links and external storage do, leads nowhere.
 */
import type { FileSource } from "./file_source.ts";
import { Hdf5Heaps } from "./hdf5_heaps.ts";
import type { Hdf5Type } from "./hdf5_types.ts";

/** What a dataset or an attribute is, as the library says it. */
export interface Hdf5Metadata extends Hdf5Type {
  /** The extents; null where there are no data at all. */
  readonly shape: readonly number[] | null;
  /** The extents of a chunk, where there are chunks. */
  readonly chunks: readonly number[] | null;
  /** The other datasets that a virtual one shows. */
  readonly virtual_sources?: readonly { readonly file_name: string }[];
}

/** A filter that the chunks of a dataset went through. */
export interface Hdf5Filter {
  /** Its number in the registry of HDF5 filters. */
  readonly id: number;
  /** What the file calls it. */
  readonly name: string;
  /** What it is told. */
  readonly cd_values: readonly number[];
}

/** Extents or offsets; null for all of a dataset. */
type Counts = readonly bigint[] | null;

/** The functions of the library that are used. */
export interface Hdf5Functions {
  readonly HEAPU8: Uint8Array;
  readonly FS: VirtualFiles;
  readonly H5G_GROUP: number;
  readonly H5G_DATASET: number;
  readonly H5G_LINK: number;
  readonly H5G_UDLINK: number;
  _malloc(byteLength: number): number;
  _free(pointer: number): void;
  /** Calls the function of a name with `_` before it, and tidies the stack. */
  ccall(
    name: string,
    returned: null,
    types: readonly "array"[],
    values: readonly (readonly number[])[],
  ): void;
  /** What {@linkcode Hdf5Library.call} has called. */
  _metacell_run?: () => void;
  open(
    path: string,
    mode: number,
    trackOrder: boolean,
    low: number,
    high: number,
  ): bigint;
  close_file(file: bigint): number;
  get_plugin_search_paths(): string[];
  get_type(file: bigint, path: string): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_attribute_names(file: bigint, path: string): string[];
  get_attribute_metadata(
    file: bigint,
    path: string,
    name: string,
  ): Hdf5Metadata;
  get_attribute_data(
    file: bigint,
    path: string,
    name: string,
    pointer: bigint,
  ): number;
  create_object_reference(file: bigint, path: string): ArrayLike<number>;
  get_referenced_name(
    file: bigint,
    reference: Uint8Array,
    isObject: boolean,
  ): string | null;
  reclaim_vlen_memory(
    file: bigint,
    path: string,
    attribute: string,
    pointer: bigint,
  ): number;
  get_dataset_metadata(file: bigint, path: string): Hdf5Metadata;
  get_dataset_filters(file: bigint, path: string): Hdf5Filter[];
  get_dataset_data(
    file: bigint,
    path: string,
    count: Counts,
    offset: Counts,
    strides: Counts,
    pointer: bigint,
  ): number;
  reclaim_vlen_memory_count(
    file: bigint,
    path: string,
    attribute: string,
    pointer: bigint,
    count: Counts,
  ): number;
}

/** Calls functions of the library. */
export type Hdf5Call<T> = (functions: Hdf5Functions) => T;

type ReadStream = (
  stream: unknown,
  buffer: Int8Array,
  offset: number,
  length: number,
  position: number,
) => number;

interface StreamOperations {
  read: ReadStream;
  write: ReadStream;
}

/** The parts of the library's own file system that are used. */
interface VirtualFiles {
  readonly streams: { stream_ops: StreamOperations }[];
  readonly ErrnoError: new (code: number) => Error;
  open(path: unknown, ...rest: readonly unknown[]): unknown;
  createFile(
    parent: string,
    name: string,
    properties: object,
    canRead: boolean,
    canWrite: boolean,
  ): { usedBytes: number; stream_ops: StreamOperations };
  unlink(path: string): void;
  mkdirTree(path: string): void;
  writeFile(path: string, bytes: Uint8Array): void;
}

/** What there is to say where the library does not. */
const DAMAGED = "it is damaged or cut off";

/** What there is to say after the library broke down. */
const BROKEN = "the HDF5 library broke down at a damaged file before, " +
  "and reads nothing more in this process";

/** What the library calls "no such file" and "an error while reading". */
const NOT_FOUND = 44;
const READ_FAILED = 29;

/** The library, with what it says while it works. */
export class Hdf5Library {
  /** Its functions. */
  readonly functions: Hdf5Functions;
  /** Where the package of filters is that it does not have by itself. */
  readonly pluginsUrl: string;
  readonly #paths = new Set<string>();
  #filesCount = 0;
  #said = "";
  #refused: string | undefined;
  #readError: unknown;
  #isBroken = false;

  /**
   * Takes over the library: from now on it opens no file but those it is shown.
   *
   * @param functions The functions of the library.
   * @param pluginsUrl The address of the package of filters.
   */
  constructor(functions: Hdf5Functions, pluginsUrl: string) {
    this.functions = functions;
    this.pluginsUrl = pluginsUrl;
    this.#guardOpening();
    this.#listen();
  }

  /**
   * Shows a file to the library, under a name that no file can refer to.
   *
   * @param source The file, open.
   * @returns The path by which the library knows it.
   */
  addFile(source: FileSource): string {
    const { FS } = this.functions;
    const name = `${crypto.randomUUID()}-${this.#filesCount++}`;
    const node = FS.createFile("/", name, {}, true, false);
    node.usedBytes = source.byteLength;
    const heaps = new Hdf5Heaps(source);
    const read: ReadStream = (_, buffer, offset, length, position) =>
      this.#read({ source, heaps }, buffer, { offset, length, position });
    node.stream_ops = { ...node.stream_ops, read };
    this.#paths.add(`/${name}`);
    return `/${name}`;
  }

  /**
   * Takes a file away again.
   *
   * @param path The path by which the library knows it.
   */
  removeFile(path: string): void {
    this.#paths.delete(path);
    this.functions.FS.unlink(path);
  }

  /**
   * Adds a filter that the library does not have by itself.
   *
   * @param name The name of the filter's file.
   * @param read Reads that file, if it was not added yet.
   */
  addPlugin(name: string, read: () => Uint8Array): void {
    const { FS, get_plugin_search_paths } = this.functions;
    const folder = get_plugin_search_paths()[0]!;
    const path = `${folder}/${name}`;
    if (this.#paths.has(path)) return;
    const bytes = read();
    FS.mkdirTree(folder);
    this.#paths.add(folder).add(path);
    FS.writeFile(path, bytes);
  }

  /**
   * Calls a function of the library.
   *
   * @param run Calls it.
   * @returns What it returns.
   * @throws {Error} If it fails, says that something failed, or broke down
   * before; the message is the reason alone.
   */
  call<T>(run: Hdf5Call<T>): T {
    if (this.#isBroken) throw new Error(BROKEN);
    this.#said = "";
    this.#refused = this.#readError = undefined;
    try {
      const result = this.#runOnStack(run);
      if (this.#said === "" && this.#readError === undefined) return result;
    } catch (cause) {
      // It stopped halfway in its own memory: it could read anything now.
      if (cause instanceof WebAssembly.RuntimeError) this.#isBroken = true;
      throw new Error(this.#reason(cause), { cause: this.#readError ?? cause });
    }
    throw new Error(this.#reason(), { cause: this.#readError });
  }

  /**
   * What the library throws leaves its stack as it was, which would be full
   * after some thousand errors: `ccall` takes it back where it was before.
   */
  #runOnStack<T>(run: Hdf5Call<T>): T {
    const { functions } = this;
    let end: () => T = () => {
      throw new Error("it was not called");
    };
    functions._metacell_run = () => {
      try {
        const result = run(functions);
        end = () => result;
      } catch (error) {
        end = () => {
          throw error;
        };
      }
    };
    // An argument on the stack is what makes it do that.
    functions.ccall("metacell_run", null, ["array"], [[0]]);
    return end();
  }

  /** The library prints its errors from the outermost to the innermost. */
  #reason(thrown?: unknown): string {
    if (this.#readError instanceof Error) return this.#readError.message;
    if (this.#refused !== undefined) {
      return `it refers to another file, ${this.#refused}, which is not read`;
    }
    const reasons = this.#said.matchAll(/^ *#\d+: .*?\(\): (.*)$/gm);
    const [, reason] = [...reasons].at(-1) ?? [];
    if (reason !== undefined) return describeReason(reason);
    // What the library did not foresee says nothing to those who read it.
    if (!(thrown instanceof Error) || thrown instanceof TypeError) {
      return DAMAGED;
    }
    return `${DAMAGED}: ${thrown.message.split("\n")[0]}`;
  }

  #guardOpening(): void {
    const { FS } = this.functions;
    const open = FS.open;
    const plugins = this.functions.get_plugin_search_paths();
    FS.open = (path, ...rest) => {
      if (typeof path !== "string" || this.#paths.has(path)) {
        return open.call(FS, path, ...rest);
      }
      // It looks for plugins whenever it can't make sense of a file.
      if (!plugins.some((folder) => path.startsWith(folder))) {
        this.#refused ??= path.replace(/^\/+/, "");
      }
      throw new FS.ErrnoError(NOT_FOUND);
    };
  }

  /** Keeps what the library prints on its stderr, and prints nothing. */
  #listen(): void {
    const stderr = this.functions.FS.streams[2]!;
    const write: ReadStream = (_, buffer, offset, length) => {
      const bytes = Uint8Array.from(buffer.subarray(offset, offset + length));
      this.#said += new TextDecoder().decode(bytes);
      return length;
    };
    stderr.stream_ops = { ...stderr.stream_ops, write };
    // What filters print there says no more than that they fail.
    const stdout = this.functions.FS.streams[1]!;
    const drop: ReadStream = (_stream, _buffer, _offset, length) => length;
    stdout.stream_ops = { ...stdout.stream_ops, write: drop };
  }

  #read(
    { source, heaps }: { source: FileSource; heaps: Hdf5Heaps },
    buffer: Int8Array,
    range: { offset: number; length: number; position: number },
  ): number {
    const { offset, position } = range;
    const left = Math.max(source.byteLength - position, 0);
    const length = Math.min(range.length, left);
    try {
      const start = buffer.byteOffset + offset;
      const bytes = new Uint8Array(buffer.buffer, start, length);
      source.read(position, bytes);
      heaps.check(position, bytes);
      return length;
    } catch (error) {
      this.#readError ??= error;
      throw new this.functions.FS.ErrnoError(READ_FAILED);
    }
  }
}

function describeReason(reason: string): string {
  const [, found, stated] =
    /^truncated file: eof = (\d+),.* stored_eof = (\d+)/.exec(reason) ?? [];
  return found === undefined
    ? `${DAMAGED}: ${reason}`
    : `it is cut off: it has ${found} of ${stated} bytes`;
}

let library: Promise<Hdf5Library> | undefined;

/**
 * Loads the library, the first time that it is called.
 *
 * @returns The library.
 */
export function loadHdf5(): Promise<Hdf5Library> {
  library ??= load();
  return library;
}

async function load(): Promise<Hdf5Library> {
  const { ready } = await import("h5wasm");
  const { base_url } = await import("h5wasm-plugins");
  // What the package declares of its module leaves out half of what it has.
  return new Hdf5Library(await ready as unknown as Hdf5Functions, base_url);
}
