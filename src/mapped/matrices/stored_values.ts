import type { StoredNumbers } from "../../anndata/nodes.ts";
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
 * @param reader Makes the error for one that does not, and knows which are of
 * genes that the join leaves out, where nothing has to fit.
 * @returns The numbers, of any type.
 * @throws {Error} If one that is wanted does not fit.
 */
export function plainValues(
  stored: StoredNumbers,
  dtype: PlainType,
  { fail, isWanted }: {
    fail(wrong: WrongValue): Error;
    isWanted(at: number): boolean;
  },
): PlainNumbers {
  const values = toPlain(stored, isWanted);
  if (typeof values === "number") {
    const why = ` is ${stored[values]}, past what doubles hold exactly`;
    throw fail({ at: values, why });
  }
  let misfit = findMisfit(values, dtype);
  while (misfit >= 0 && !isWanted(misfit)) {
    misfit = findMisfit(values, dtype, misfit + 1);
  }
  if (misfit < 0) return values;
  const why = ` is ${values[misfit]}, which does not fit ${dtype}`;
  throw fail({ at: misfit, why });
}
