/** A point of the curve of ranked totals. */
export interface RankPoint {
  /** The place in the order of totals, from 1. */
  readonly rank: number;
  /** The total of the barcode at that rank. */
  readonly total: number;
}

/** The two points that tell cells from background. */
export interface Knee {
  /** Where the totals of cells begin to fall. */
  readonly knee: RankPoint;
  /** Where they fall fastest. */
  readonly inflection: RankPoint;
}

/** Ranks before this are too few to tell a slope from noise. */
const FIRST_RANK = 50;
/** Below this many UMIs there are no cells to tell apart. */
const LOWEST_TOTAL = 20;
/** Points of the curve that are looked at, evenly spaced in log rank. */
const POINTS = 240;
/** Points on either side over which a slope is measured. */
const REACH = 5;

/**
 * Finds the knee and the inflection of the totals of barcodes, ranked, both
 * axes logarithmic: the inflection is where the slope is steepest, the knee is
 * the point before it that is farthest above the straight line between the
 * flattest point and the inflection. This is what `barcodeRanks` of
 * DropletUtils looks for (Lun et al., Genome Biology 2019).
 *
 * @param ranked The totals, largest first.
 * @returns The two points, or undefined where there are too few barcodes.
 */
export function findKnee(ranked: ArrayLike<number>): Knee | undefined {
  const curve = sampleCurve(ranked);
  if (curve.length < 4 * REACH) return undefined;
  const slopes = curve.map((_, at) => slopeAt(curve, at));
  const around = indexOfLeast(slopes, REACH, slopes.length - REACH);
  const steepest = steepestStep(curve, around);
  const negated = slopes.map((slope) => -slope);
  const flattest = indexOfLeast(negated, 0, steepest);
  const from = curve[flattest]!;
  const to = curve[steepest + 1]!;
  const heights = curve.map(({ x, y }) =>
    -((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x))
  );
  const highest = indexOfLeast(heights, flattest, steepest + 1);
  const point = (at: number): RankPoint => ({
    rank: curve[at]!.rank,
    total: ranked[curve[at]!.rank - 1]!,
  });
  return { knee: point(highest), inflection: point(steepest) };
}

interface CurvePoint {
  readonly rank: number;
  readonly x: number;
  readonly y: number;
}

function sampleCurve(ranked: ArrayLike<number>): CurvePoint[] {
  let last = ranked.length;
  while (last > 0 && ranked[last - 1]! < LOWEST_TOTAL) last--;
  const curve: CurvePoint[] = [];
  const span = Math.log(last / FIRST_RANK);
  if (!(span > 0)) return curve;
  for (let at = 0; at < POINTS; at++) {
    const rank = Math.round(FIRST_RANK * Math.exp(span * at / (POINTS - 1)));
    if (rank === curve.at(-1)?.rank) continue;
    const total = ranked[rank - 1]!;
    curve.push({ rank, x: Math.log(rank), y: Math.log(total) });
  }
  return curve;
}

function slopeAt(curve: readonly CurvePoint[], at: number): number {
  const from = curve[Math.max(0, at - REACH)]!;
  const to = curve[Math.min(curve.length - 1, at + REACH)]!;
  return (to.y - from.y) / (to.x - from.x);
}

/** Of the steps within reach the steepest one: the point before it. */
function steepestStep(curve: readonly CurvePoint[], around: number): number {
  const steps = curve.slice(1).map(({ x, y }, at) =>
    (y - curve[at]!.y) / (x - curve[at]!.x)
  );
  return indexOfLeast(steps, around - REACH, around + REACH);
}

function indexOfLeast(
  values: readonly number[],
  from: number,
  to: number,
): number {
  let least = from;
  for (let at = from; at < to; at++) {
    if (values[at]! < values[least]!) least = at;
  }
  return least;
}
