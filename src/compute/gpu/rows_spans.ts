/** Picks the profiles of some rows, so that no others are read. */
import type { LeafSpan } from "../leaf_spans.ts";

/**
 * Takes the profiles of spans whose rows are in a range.
 *
 * @param spans The spans.
 * @param rows For each target its row.
 * @param start The first row.
 * @param end The row after the last.
 * @returns The spans of the profiles, and how many there are.
 */
export function rowsSpans(
  spans: readonly LeafSpan[],
  rows: Int32Array,
  start: number,
  end: number,
): { readonly spans: LeafSpan[]; readonly profilesCount: number } {
  const picked: LeafSpan[] = [];
  let profilesCount = 0;
  for (const span of spans) {
    const length = span.profiles?.length ?? span.matrix.profilesCount;
    const kept = new Int32Array(length);
    let count = 0;
    for (let at = 0; at < length; at++) {
      const row = rows[targetAt(span, at)]!;
      if (row >= start && row < end) kept[count++] = at;
    }
    profilesCount += count;
    if (count === length) picked.push(span);
    else if (count > 0) picked.push(pick(span, kept.subarray(0, count)));
  }
  return { spans: picked, profilesCount };
}

function targetAt({ targets, firstTarget }: LeafSpan, at: number): number {
  return targets ? targets[at]! : firstTarget + at;
}

function pick(span: LeafSpan, kept: Int32Array): LeafSpan {
  const { profiles } = span;
  return {
    ...span,
    profiles: profiles ? kept.map((at) => profiles[at]!) : kept,
    targets: kept.map((at) => targetAt(span, at)),
  };
}
