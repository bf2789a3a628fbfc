/** Numbers that can be narrower. */
type WideNumbers =
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

const MOST = 0xffff;

/**
 * Numbers of four or eight bytes that are integers of two, as counts and the
 * numbers of genes mostly are, whatever type they are stored in.
 */
export class NarrowValues {
  readonly #values: Uint16Array;

  private constructor(values: Uint16Array) {
    this.#values = values;
  }

  /**
   * Takes numbers, if they are such.
   *
   * @param numbers The numbers.
   * @returns What is kept of them, or undefined if that is not enough.
   */
  static of(numbers: ArrayBufferView): NarrowValues | undefined {
    if (!isWide(numbers)) return undefined;
    const values = isBig(numbers) ? narrowBig(numbers) : narrow(numbers);
    return values && new NarrowValues(values);
  }

  /** The memory that is taken. */
  get memoryBytes(): number {
    return this.#values.byteLength;
  }

  /**
   * Gives numbers as they were.
   *
   * @param start The first one.
   * @param target Receives as many as there is room for, of their own type.
   */
  read(start: number, target: ArrayBufferView): void {
    if (!isWide(target)) return;
    const { length } = target;
    const values = this.#values.subarray(start, start + length);
    if (!isBig(target)) {
      target.set(values);
      return;
    }
    const halves = halvesOf(target).fill(0);
    for (let at = 0; at < length; at++) halves[2 * at] = values[at]!;
  }
}

function isWide(numbers: ArrayBufferView): numbers is WideNumbers {
  return numbers instanceof Int32Array || numbers instanceof Uint32Array ||
    numbers instanceof Float32Array || numbers instanceof Float64Array ||
    isBig(numbers);
}

function isBig(
  numbers: ArrayBufferView,
): numbers is BigInt64Array | BigUint64Array {
  return numbers instanceof BigInt64Array || numbers instanceof BigUint64Array;
}

function narrow(
  numbers: Exclude<WideNumbers, BigInt64Array | BigUint64Array>,
): Uint16Array | undefined {
  const values = new Uint16Array(numbers.length);
  for (let at = 0; at < numbers.length; at++) {
    const value = numbers[at]!;
    const narrowed = value & MOST;
    if (narrowed !== value || Object.is(value, -0)) return undefined;
    values[at] = narrowed;
  }
  return values;
}

/** A bigint for each number would be slow. */
function narrowBig(
  numbers: BigInt64Array | BigUint64Array,
): Uint16Array | undefined {
  const halves = halvesOf(numbers);
  const values = new Uint16Array(numbers.length);
  for (let at = 0; at < values.length; at++) {
    const low = halves[2 * at]!;
    if (low > MOST || halves[2 * at + 1] !== 0) return undefined;
    values[at] = low;
  }
  return values;
}

function halvesOf(numbers: BigInt64Array | BigUint64Array): Uint32Array {
  const { buffer, byteOffset, length } = numbers;
  return new Uint32Array(buffer, byteOffset, 2 * length);
}
