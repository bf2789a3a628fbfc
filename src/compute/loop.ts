/** Receives lines about the progress of a loop. */
export type ReportFunction = (line: string) => void;

/** How often a loop reports: at each tenth of what is expected. */
const REPORTS = 10;

/**
 * The progress of a long loop, reported at each tenth of what is expected.
 */
export class Loop {
  readonly #action: string;
  readonly #unit: string;
  readonly #expected: number;
  readonly #report: ReportFunction;
  #done = 0;
  #reported = 0;

  /**
   * Starts a loop.
   *
   * @param action What is done, as in "Sum".
   * @param options What is counted, how many are expected, who is told.
   */
  constructor(
    action: string,
    options: {
      readonly unit: string;
      readonly expected: number;
      readonly report: ReportFunction;
    },
  ) {
    this.#action = action;
    this.#unit = options.unit;
    this.#expected = options.expected;
    this.#report = options.report;
  }

  /** How many were done. */
  get done(): number {
    return this.#done;
  }

  /**
   * Says that more are done.
   *
   * @param count How many more.
   */
  advance(count = 1): void {
    this.#done += count;
    const share = Math.min(this.#done / Math.max(this.#expected, 1), 1);
    const step = Math.floor(share * REPORTS);
    if (step <= this.#reported || step === REPORTS) return;
    this.#reported = step;
    const percent = step * 100 / REPORTS;
    this.#report(
      `${this.#action} ${this.#unit}: ${percent}% of ${this.#expected}`,
    );
  }

  /** Says that the loop is over. */
  finish(): void {
    this.#report(`${this.#action} ${this.#unit}: ${this.#done} done`);
  }
}

/**
 * Makes a loop that tells of the summing of profiles.
 *
 * @param expected How many profiles there are.
 * @param report Receives the lines, by default on the standard error.
 * @returns The loop, which is told how many were summed.
 *
 * @example Follow a sum
 * ```ts
 * import { sumProfilesLoop } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const loop = sumProfilesLoop(4, (line) => lines.push(line));
 * for (let profile = 0; profile < 4; profile += 2) loop.advance(2);
 * loop.finish();
 * assertEquals(lines, ["Sum profiles: 50% of 4", "Sum profiles: 4 done"]);
 * ```
 */
export function sumProfilesLoop(
  expected: number,
  report: ReportFunction = console.error,
): Loop {
  return new Loop("Sum", { unit: "profiles", expected, report });
}
