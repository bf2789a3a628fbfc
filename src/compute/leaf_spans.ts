/**
 * What containers are to engines: spans of stored matrices. A view, however
 * deep, is the profiles that it takes of each matrix and a map of the genes,
 * so that nothing is copied.
 */
import type { RawMatrix } from "../matrix/raw_matrix.ts";
import type { PairsWindow } from "../matrix/windows.ts";

/** Profiles between two wanted ones that are rather read than skipped. */
const MOST_SKIPPED = 8;

/** Some profiles of one stored matrix. */
export interface LeafSpan {
  /** The counts. */
  readonly matrix: RawMatrix;
  /** The profiles of the matrix, ascending, repeats may be; by default all. */
  readonly profiles: Int32Array | undefined;
  /** For each of the profiles where it goes; see `firstTarget`. */
  readonly targets: Int32Array | undefined;
  /** Where the first profile goes, the others follow, without `targets`. */
  readonly firstTarget: number;
  /** For each gene of the matrix which gene it is, -1 none; by default itself. */
  readonly geneMap: Int32Array | undefined;
}

/** Which counts of a container, or a matrix, are wanted, and what becomes of them. */
export interface ProfileSelection {
  /** The profiles, in any order, repeats may be; by default all. */
  readonly profiles?: Int32Array | undefined;
  /** For each of them where it goes; see `firstTarget`. */
  readonly targets?: Int32Array | undefined;
  /** Where the first goes, the others follow, without `targets`; 0. */
  readonly firstTarget?: number | undefined;
  /** For each gene which it is to be, -1 to drop it. */
  readonly geneMap?: Int32Array | undefined;
}

/** Wanted profiles of a window of a matrix. */
export interface SpanWindow {
  /** The pairs, valid until the next window is asked for. */
  readonly window: PairsWindow;
  /** The wanted profiles, counted from the first of the window. */
  readonly profiles: Int32Array;
  /** Where each of the wanted profiles goes. */
  readonly targets: Int32Array;
}

/**
 * Selects profiles of a matrix, for an engine to compute over.
 *
 * @param matrix The counts.
 * @param selection Which profiles, where they go, and what genes become.
 * @returns The span; its profiles are in the order of the matrix.
 *
 * @example Select the last profile and the first
 * ```ts
 * import {
 *   createCpuEngine,
 *   MemoryMappedMatrix,
 *   selectProfiles,
 * } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".mmm" });
 * MemoryMappedMatrix.write(path, 2, [[[0, 5]], [], [[0, 1], [1, 300]]]);
 * using matrix = await MemoryMappedMatrix.open(path);
 * const span = selectProfiles(matrix, { profiles: Int32Array.of(2, 0) });
 * await using engine = createCpuEngine();
 * assertEquals([...await engine.profileTotals([span], 2)], [301, 5]);
 * await Deno.remove(path);
 * ```
 */
export function selectProfiles(
  matrix: RawMatrix,
  selection: ProfileSelection = {},
): LeafSpan {
  const { firstTarget = 0, geneMap } = selection;
  const { profiles, targets } = sortProfiles(
    selection.profiles,
    selection.targets,
    firstTarget,
  );
  return { matrix, profiles, targets, firstTarget, geneMap };
}

/**
 * Reads the profiles of a span, in windows.
 *
 * @param span The span.
 * @returns The windows, each valid until the next is asked for.
 */
export async function* spanWindows(
  span: LeafSpan,
): AsyncGenerator<SpanWindow, void> {
  const { matrix, profiles } = span;
  if (profiles === undefined) return yield* wholeWindows(span);
  let at = 0;
  for (const [start, end] of runsOf(profiles)) {
    for await (const window of matrix.windows(start, end)) {
      const first = at;
      const windowEnd = window.firstProfile + window.profilesCount;
      while (at < profiles.length && profiles[at]! < windowEnd) at++;
      yield {
        window,
        profiles: profiles.slice(first, at)
          .map((profile) => profile - window.firstProfile),
        targets: targetsOf(span, first, at),
      };
    }
  }
}

async function* wholeWindows(
  span: LeafSpan,
): AsyncGenerator<SpanWindow, void> {
  for await (const window of span.matrix.windows()) {
    const first = window.firstProfile;
    const end = first + window.profilesCount;
    const profiles = countUp(0, window.profilesCount);
    yield { window, profiles, targets: targetsOf(span, first, end) };
  }
}

/** First and after-last profile of stretches that are read at once. */
function* runsOf(
  profiles: Int32Array,
): Generator<[start: number, end: number], void> {
  for (let at = 0; at < profiles.length;) {
    const start = profiles[at++]!;
    let last = start;
    while (at < profiles.length && profiles[at]! - last <= MOST_SKIPPED) {
      last = profiles[at++]!;
    }
    yield [start, last + 1];
  }
}

function targetsOf(span: LeafSpan, first: number, end: number): Int32Array {
  if (span.targets) return span.targets.subarray(first, end);
  return countUp(span.firstTarget + first, end - first);
}

function countUp(first: number, length: number): Int32Array {
  const values = new Int32Array(length);
  for (let at = 0; at < length; at++) values[at] = first + at;
  return values;
}

/** A file is read forward, whatever the order in which profiles are wanted. */
function sortProfiles(
  profiles: Int32Array | undefined,
  targets: Int32Array | undefined,
  firstTarget: number,
): Pick<LeafSpan, "profiles" | "targets"> {
  if (profiles === undefined || isAscending(profiles)) {
    return { profiles, targets };
  }
  const order = countUp(0, profiles.length)
    .sort((left, right) => profiles[left]! - profiles[right]!);
  return {
    profiles: order.map((at) => profiles[at]!),
    targets: order.map((at) => targets ? targets[at]! : firstTarget + at),
  };
}

function isAscending(profiles: Int32Array): boolean {
  for (let at = 1; at < profiles.length; at++) {
    if (profiles[at]! < profiles[at - 1]!) return false;
  }
  return true;
}
