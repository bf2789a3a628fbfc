/** Of a place in a value the bytes, or the only byte that there is. */
export type BytePlane = Uint8Array | number;

/**
 * Bytes of values, sorted by their place in the value: a plane of all first
 * bytes, one of all second bytes, and so on. Planes of one byte over and over,
 * which those of small numbers mostly are, take no memory.
 */
export class BytePlanes {
  readonly #planes: readonly BytePlane[];
  readonly #count: number;

  /**
   * Takes planes.
   *
   * @param planes A plane for each byte of a value.
   * @param count The number of values; planes may have more.
   */
  constructor(planes: readonly BytePlane[], count: number) {
    this.#planes = planes;
    this.#count = count;
  }

  /** How many bytes of values there are. */
  get byteLength(): number {
    return this.#count * this.#planes.length;
  }

  /** The memory that the planes take. */
  get memoryBytes(): number {
    const own = this.#planes.filter((plane) => typeof plane !== "number");
    return this.#count * own.length;
  }

  /**
   * Copies the planes to memory of their own.
   *
   * @returns The copy.
   */
  toOwned(): BytePlanes {
    const planes = this.#planes.map((plane) =>
      typeof plane === "number" ? plane : plane.slice(0, this.#count)
    );
    return new BytePlanes(planes, this.#count);
  }

  /**
   * Puts the bytes of values together.
   *
   * @param start The first byte.
   * @param target Receives the bytes.
   */
  read(start: number, target: Uint8Array): void {
    const planes = this.#planes;
    const size = planes.length;
    const [only] = planes;
    if (size === 1) {
      if (typeof only === "number") target.fill(only);
      else target.set(only!.subarray(start, start + target.length));
      return;
    }
    const first = Math.floor(start / size);
    const end = Math.ceil((start + target.length) / size);
    const isWhole = first * size === start &&
      (end - first) * size === target.length;
    const isAligned = target.byteOffset % 4 === 0;
    const bytes = isWhole && isAligned
      ? target
      : new Uint8Array((end - first) * size);
    if (size % 4 === 0) putWords(planes, first, bytes);
    else putBytes(planes, first, bytes);
    if (bytes === target) return;
    const skipped = start - first * size;
    target.set(bytes.subarray(skipped, skipped + target.length));
  }
}

/** Four bytes at a time: this is most of the time of reading rows. */
function putWords(
  planes: readonly BytePlane[],
  start: number,
  target: Uint8Array,
): void {
  const { buffer, byteOffset, length } = target;
  const words = new Uint32Array(buffer, byteOffset, length / 4);
  const step = planes.length / 4;
  for (let first = 0; first < step; first++) {
    const group = planes.slice(4 * first, 4 * first + 4);
    putWord(group, start, { words, first, step });
  }
}

/** Puts one of the words of each value; two planes at a time. */
function putWord(
  group: readonly BytePlane[],
  start: number,
  { words, first, step }: {
    readonly words: Uint32Array;
    readonly first: number;
    readonly step: number;
  },
): void {
  let same = 0;
  const others: { readonly plane: Uint8Array; readonly shift: number }[] = [];
  for (const [place, plane] of group.entries()) {
    if (typeof plane === "number") same |= plane << (8 * place);
    else others.push({ plane, shift: 8 * place });
  }
  if (others.length === 0 && step === 1) {
    words.fill(same);
    return;
  }
  const { length } = words;
  if (others.length === 0) {
    for (let to = first; to < length; to += step) words[to] = same;
  }
  for (let at = 0; at < others.length; at += 2) {
    const one = others[at]!;
    const two = others[at + 1] ?? one;
    const [low, lowShift, high, highShift] = [
      one.plane,
      one.shift,
      two.plane,
      two.shift,
    ];
    let from = start;
    if (at === 0) {
      for (let to = first; to < length; to += step, from++) {
        words[to] = same | (low[from]! << lowShift) |
          (high[from]! << highShift);
      }
    } else {
      for (let to = first; to < length; to += step, from++) {
        words[to]! |= (low[from]! << lowShift) | (high[from]! << highShift);
      }
    }
  }
}

function putBytes(
  planes: readonly BytePlane[],
  start: number,
  target: Uint8Array,
): void {
  const size = planes.length;
  for (const [place, plane] of planes.entries()) {
    let from = start;
    for (let to = place; to < target.length; to += size, from++) {
      target[to] = typeof plane === "number" ? plane : plane[from]!;
    }
  }
}
