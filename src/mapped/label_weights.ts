/** Weights of cells by how many others have the same label. */
import type { Label } from "./rows.ts";

/** How weights are made. */
export interface LabelWeightsOptions {
  /** `s` in the weight `s / (n + s)` of a label of `n` cells, else `1 / n`. */
  readonly scaler?: number | null | undefined;
  /** Whether the weights are given by label, instead of by cell. */
  readonly returnCategories?: boolean | undefined;
}

/** Weights by cell, and by label. */
export interface LabelWeights {
  /** A weight a cell. */
  readonly weights: Float64Array;
  /** A weight a label, without those that have a missing part. */
  readonly categories: Readonly<Record<string, number>>;
}

/** What stands between labels of several columns. */
const SEPARATOR = "__";

/**
 * Weighs cells. Cells without a label have a weight as those of any label:
 * they count as one.
 *
 * @param columns For each column the label of each cell.
 * @param scaler What smooths the weights.
 * @returns The weights.
 */
export function weighLabels(
  columns: readonly (readonly Label[])[],
  scaler?: number | null,
): LabelWeights {
  const [first] = columns;
  const counts = new Map<string, { name: string | undefined; count: number }>();
  const keys = first!.map((_, at) => {
    const labels = columns.map((column) => column[at]!);
    const name = nameOf(labels);
    const key = name === undefined ? withoutName(labels) : `=${name}`;
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { name, count: 1 });
    return key;
  });
  const weigh = (count: number) =>
    scaler === undefined || scaler === null
      ? 1 / count
      : scaler / (count + scaler);
  const named = [...counts.values()]
    .filter(({ name }) => name !== undefined)
    .map(({ name, count }) => [name!, weigh(count)] as const);
  return {
    weights: Float64Array.from(keys, (key) => weigh(counts.get(key)!.count)),
    categories: Object.fromEntries(named),
  };
}

/**
 * Checks what smooths weights: others would make them zero, or no numbers.
 *
 * @param scaler What smooths, if anything does.
 * @throws {RangeError} If it is no positive number.
 */
export function checkScaler(scaler?: number | null): void {
  const isFine = scaler === undefined || scaler === null ||
    scaler > 0 && Number.isFinite(scaler);
  if (isFine) return;
  throw new RangeError(
    `Cannot weigh labels: the scaler is ${scaler}, and not a positive number`,
  );
}

/** Null is told from the text, and from any other. */
function withoutName(labels: readonly Label[]): string {
  const texts = labels.map((label) => label === null ? null : `${label}`);
  return JSON.stringify(texts);
}

function nameOf(labels: readonly Label[]): string | undefined {
  return labels.includes(null) ? undefined : labels.join(SEPARATOR);
}
