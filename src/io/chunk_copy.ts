/** Copies what chunks and regions of several dimensions have in common. */

/** Values, and how far neighbours along each axis are from each other. */
export interface Strided<T> {
  /** The values. */
  readonly values: T;
  /** Where the first one is. */
  readonly offset: number;
  /** The distances along the axes. */
  readonly strides: readonly number[];
}

/** A typed array of any type, or texts. */
export interface Values {
  readonly length: number;
  [index: number]: unknown;
}

/** What a typed array can do faster. */
interface NumericValues extends Values {
  set(source: NumericValues, offset: number): void;
  subarray(start: number, end: number): NumericValues;
}

/**
 * The distances along axes of values that lie in a certain order.
 *
 * @param extents The extents of the axes.
 * @param order The axes, the slowest first; as they are counted if unset.
 * @returns The distances.
 */
export function stridesOf(
  extents: readonly number[],
  order: readonly number[] = extents.map((_, axis) => axis),
): number[] {
  const strides: number[] = extents.map(() => 1);
  let step = 1;
  for (const axis of order.toReversed()) {
    strides[axis] = step;
    step *= extents[axis]!;
  }
  return strides;
}

/**
 * Copies values.
 *
 * @param extents How many values along each axis.
 * @param source Where they are.
 * @param target Where they go.
 */
export function copyStrided(
  extents: readonly number[],
  source: Strided<Values>,
  target: Strided<Values>,
): void {
  copyAxis(extents, 0, {
    source,
    from: source.offset,
    target,
    to: target.offset,
  });
}

interface Copy {
  readonly source: Strided<Values>;
  readonly from: number;
  readonly target: Strided<Values>;
  readonly to: number;
}

function copyAxis(extents: readonly number[], axis: number, copy: Copy): void {
  const { source, from, target, to } = copy;
  const count = extents[axis] ?? 1;
  const sourceStep = source.strides[axis] ?? 1;
  const targetStep = target.strides[axis] ?? 1;
  if (axis < extents.length - 1) {
    for (let at = 0; at < count; at++) {
      copyAxis(extents, axis + 1, {
        source,
        from: from + at * sourceStep,
        target,
        to: to + at * targetStep,
      });
    }
    return;
  }
  const { values } = source;
  if (sourceStep === 1 && targetStep === 1 && ArrayBuffer.isView(values)) {
    const numbers = values as unknown as NumericValues;
    const part = numbers.subarray(from, from + count);
    (target.values as NumericValues).set(part, to);
    return;
  }
  for (let at = 0; at < count; at++) {
    target.values[to + at * targetStep] = values[from + at * sourceStep];
  }
}
