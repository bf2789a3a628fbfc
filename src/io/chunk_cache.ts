interface Kept {
  readonly value: unknown;
  readonly byteLength: number;
  /** How much had been dropped when it came. */
  droppedBefore: number;
  /** Whether it was asked for since it came to its place in the list. */
  isUsed: boolean;
}

/** A value that is kept. */
export interface FoundValue<T> {
  /** The value, which must not be changed; it may be undefined itself. */
  readonly value: T;
  /** Whether a good part of what is kept was dropped since it came. */
  readonly isOld: boolean;
}

/** What is used together comes within a smaller part of all. */
const OLD_PART = 8;

/** What stays for chunks in any case. */
const LEAST_BYTES = 2 ** 26;

/** What several caches have in common. */
class Storage {
  most: number;
  readonly kept = new Map<string, Kept>();
  bytes = 0;
  droppedBytes = 0;
  sharesCount = 0;

  constructor(most: number) {
    this.most = most;
  }

  evict(newest?: Kept): void {
    for (const [name, kept] of this.kept) {
      if (this.bytes <= this.most) break;
      if (kept.isUsed || kept === newest) {
        // To put it behind the others each time it is used would take longer.
        kept.isUsed = false;
        this.kept.delete(name);
        this.kept.set(name, kept);
      } else {
        this.droppedBytes += kept.byteLength;
        this.drop(name);
      }
    }
  }

  drop(key: string): void {
    this.bytes -= this.kept.get(key)?.byteLength ?? 0;
    this.kept.delete(key);
  }
}

/**
 * Keeps what was decoded last, within a number of bytes; what was not used since
 * it came, or since all else was looked at, goes first.
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
   * @returns The value, undefined where it is not kept.
   */
  find<T>(key: string): FoundValue<T> | undefined {
    const storage = this.#storage;
    const kept = storage.kept.get(this.#prefix + key);
    if (kept === undefined) return undefined;
    kept.isUsed = true;
    const dropped = storage.droppedBytes - kept.droppedBefore;
    return {
      value: kept.value as T,
      isOld: dropped >= storage.most / OLD_PART,
    };
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
    const kept = { value, byteLength, droppedBefore: 0, isUsed: false };
    storage.kept.set(name, kept);
    storage.bytes += byteLength;
    storage.evict(kept);
    kept.droppedBefore = storage.droppedBytes;
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
