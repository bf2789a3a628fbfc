import type { CommandContext } from "./context.ts";

const INTERVAL_MILLISECONDS = 100;
const BAR_WIDTH = 24;

/** A bar on a terminal's stderr that says how far a job is. */
export class ProgressBar implements Disposable {
  readonly #context: CommandContext;
  readonly #label: string;
  readonly #isShown: boolean;
  #lastTime = -Infinity;
  #isDrawn = false;

  /**
   * @param context Where to draw; nothing is drawn where stderr is not a
   * terminal or notes are unwanted.
   * @param label What is being done.
   */
  constructor(context: CommandContext, label: string) {
    this.#context = context;
    this.#label = label;
    this.#isShown = context.stderr.isTerminal && !context.quiet;
  }

  /**
   * Draws the bar anew, ten times a second at most.
   *
   * @param done How much is done.
   * @param total How much there is to do; 0 where nobody knows.
   */
  update(done: number, total: number): void {
    if (!this.#isShown) return;
    const now = performance.now();
    if (now - this.#lastTime < INTERVAL_MILLISECONDS) return;
    this.#lastTime = now;
    this.#isDrawn = true;
    const line = renderBar(this.#label, done, total);
    const { stderr } = this.#context;
    stderr.writeStyled(`\r${line.slice(0, stderr.columns - 1)}\x1b[K`);
    stderr.flush();
  }

  /** Removes the bar. */
  [Symbol.dispose](): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    this.#context.stderr.writeStyled("\r\x1b[K");
    this.#context.stderr.flush();
  }
}

function renderBar(label: string, done: number, total: number): string {
  if (!(total > 0)) return `${label}...`;
  const part = Math.min(1, Math.max(0, done / total));
  const filled = Math.round(part * BAR_WIDTH);
  const bar = "=".repeat(filled).padEnd(BAR_WIDTH);
  return `${label} [${bar}] ${Math.floor(part * 100)}%`;
}
