/**
 * The known names nearest to one that is not known, for messages.
 *
 * @param name What was asked for.
 * @param known The names that there are.
 * @param limit How many to suggest at most.
 * @returns The nearest first; none where nothing is near.
 */
export function suggestNames(
  name: string,
  known: Iterable<string>,
  limit = 3,
): string[] {
  const wanted = name.toLowerCase();
  const farthest = Math.floor(wanted.length / 3);
  const near: { name: string; distance: number }[] = [];
  for (const candidate of known) {
    const distance = nearness(wanted, candidate.toLowerCase(), farthest);
    if (distance <= farthest) near.push({ name: candidate, distance });
  }
  near.sort((a, b) => a.distance - b.distance);
  return near.slice(0, limit).map((found) => found.name);
}

/**
 * The end of a message that says what may have been meant.
 *
 * @param names The suggestions, maybe none.
 * @returns `""`, or a clause that begins with a comma.
 */
export function didYouMean(names: readonly string[]): string {
  return names.length === 0 ? "" : `, did you mean ${names.join(", ")}?`;
}

function nearness(wanted: string, candidate: string, limit: number): number {
  if (wanted === candidate) return 0;
  if (Math.abs(wanted.length - candidate.length) > limit) {
    return wanted.length >= 3 && candidate.startsWith(wanted)
      ? limit
      : Infinity;
  }
  return editDistance(wanted, candidate);
}

/** Letters to insert, delete, replace or swap with a neighbour. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        current[column - 1]! + 1,
        last[column]! + 1,
        last[column - 1]! + (same ? 0 : 1),
      );
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? Infinity) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
