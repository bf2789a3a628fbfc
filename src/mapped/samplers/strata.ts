/** Rows by their labels. */
import type { Label } from "../rows.ts";
import { hashNumbers } from "./sampler_hash.ts";

/** Rows by their labels; a missing label is one of its own. */
export interface Strata {
  /** The labels, in the order in which they come. */
  readonly labels: readonly Label[];
  /** The rows of each label, ascending. */
  readonly rows: readonly Int32Array[];
  /** Differs where the rows of a label do. */
  readonly digest: string;
}

/**
 * Sorts rows by their labels.
 *
 * @param rowsCount How many rows.
 * @param labelAt Gives the label of each.
 * @returns The rows of each label. Undefined and NaN are missing, as null is.
 */
export function groupByLabel(
  rowsCount: number,
  labelAt: (row: number) => Label | undefined,
): Strata {
  const codes = new Int32Array(rowsCount);
  const places = new Map<Label, number>();
  const counts: number[] = [];
  for (let row = 0; row < rowsCount; row++) {
    const label = withoutMissing(labelAt(row));
    let code = places.get(label);
    if (code === undefined) {
      code = places.size;
      places.set(label, code);
      counts.push(0);
    }
    codes[row] = code;
    counts[code]!++;
  }
  const rows = counts.map((count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  codes.forEach((code, row) => rows[code]![filled[code]!++] = row);
  return { labels: [...places.keys()], rows, digest: hashNumbers(codes) };
}

function withoutMissing(label: Label | undefined): Label {
  if (label === undefined || Number.isNaN(label)) return null;
  return label;
}
