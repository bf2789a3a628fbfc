interface Kept {
  readonly value: unknown;
  readonly byteLength: number;
}

/** What stays for chunks in any case. */
const LEAST_BYTES = 2 ** 26;

/** What several caches have in common. */
class Storage {
  most: number;
  readonly kept = new Map<string, Kept>();
  bytes = 0;
  sharesCount = 0;

  constructor(most: number) {
    this.most = most;
  }

  evict(): void {
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.most) break;
      this.drop(oldest);
    }
  }

  drop(key: string): void {
    this.bytes -= this.kept.get(key)?.byteLength ?? 0;
    this.kept.delete(key);
  }
}

/**
 * Keeps what was decoded last, within a number of bytes; what was used longest
 * ago goes first.
 */
export class ChunkCache {
  readonly #storage: Storage;
  /** What tells the keys of caches that share their bytes apart. */
  readonly #prefix: string;

  /** @param most The most bytes that are kept, or a cache to share them with. */
  constructor(most: number | ChunkCache) {
    const isFirst = typeof most === "number";
    this.#storage = isFirst ? new Storage(most) : most.#storage;
    this.#prefix = isFirst ? "" : `${++this.#storage.sharesCount}\0`;
  }

  /**
   * Finds a value.
   *
   * @param key The key of the value.
   * @returns The value, which must not be changed, nested in an object for it
   * may be undefined itself; undefined where it is not kept.
   */
  find<T>(key: string): { readonly value: T } | undefined {
    const { kept: all } = this.#storage;
    const name = this.#prefix + key;
    const kept = all.get(name);
    if (kept === undefined) return undefined;
    all.delete(name);
    all.set(name, kept);
    return kept as { readonly value: T };
  }

  /**
   * Keeps a value.
   *
   * @param key The key of the value.
   * @param value The value.
   * @param byteLength How many bytes it takes.
   */
  keep(key: string, value: unknown, byteLength: number): void {
    const storage = this.#storage;
    if (byteLength > storage.most) return;
    const name = this.#prefix + key;
    storage.drop(name);
    storage.kept.set(name, { value, byteLength });
    storage.bytes += byteLength;
    storage.evict();
  }

  /**
   * Gives bytes away for good, to something that is kept elsewhere.
   *
   * @param byteLength How many bytes.
   * @returns Whether there are as many, and enough stays for chunks.
   */
  give(byteLength: number): boolean {
    const storage = this.#storage;
    const left = storage.most - byteLength;
    if (left < LEAST_BYTES) return false;
    storage.most = left;
    storage.evict();
    return true;
  }

  /** Forgets all that was kept by this cache. */
  clear(): void {
    const names = [...this.#storage.kept.keys()];
    for (const name of names) {
      if (name.startsWith(this.#prefix)) this.#storage.drop(name);
    }
  }
}
