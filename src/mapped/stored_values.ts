import type { StoredNumbers } from "../anndata/nodes.ts";
import {
  findMisfit,
  type PlainNumbers,
  type PlainType,
  toPlain,
} from "./row_types.ts";

/** A value that can't be given. */
export interface WrongValue {
  /** Its position. */
  readonly at: number;
  /** What is wrong, to stand behind what it is. */
  readonly why: string;
}

/**
 * Numbers of a store that fit a type.
 *
 * @param stored The numbers.
 * @param dtype The type.
 * @param fail Makes the error for one that does not.
 * @returns The numbers, of any type.
 * @throws {Error} If one does not fit.
 */
export function plainValues(
  stored: StoredNumbers,
  dtype: PlainType,
  fail: (wrong: WrongValue) => Error,
): PlainNumbers {
  const values = toPlain(stored);
  if (typeof values === "number") {
    const why = ` is ${stored[values]}, past what doubles hold exactly`;
    throw fail({ at: values, why });
  }
  const misfit = findMisfit(values, dtype);
  if (misfit < 0) return values;
  const why = ` is ${values[misfit]}, which does not fit ${dtype}`;
  throw fail({ at: misfit, why });
}
