/**
 * Compares two texts by their code points, which is the order of their UTF-8
 * bytes and of Python's strings. JavaScript's own `<` compares UTF-16 units,
 * which differs where one text has a character past U+FFFF.
 *
 * @param left One text.
 * @param right The other text.
 * @returns Negative, 0 or positive, as sorting wants it.
 *
 * @example Sort names the way Python does
 * ```ts
 * import { compareCodePoints } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const names = ["\u{1f9ec}", "\uff21", "A"];
 * assertEquals(names.sort(compareCodePoints), ["A", "\uff21", "\u{1f9ec}"]);
 * ```
 */
export function compareCodePoints(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = left.charCodeAt(index) - right.charCodeAt(index);
    if (difference === 0) continue;
    const leftRank = rankUnit(left.charCodeAt(index));
    return leftRank - rankUnit(right.charCodeAt(index));
  }
  return left.length - right.length;
}

/** Moves surrogates, which stand for what is past U+FFFF, behind the rest. */
function rankUnit(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
