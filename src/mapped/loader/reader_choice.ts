/**
 * Who reads: workers, or the thread that uses the batches. To take a batch
 * from a worker is not free, and where rows are decoded faster than memory is
 * copied, it takes longer than to read the batch. So both are tried, and what
 * costs this thread less time is done: if it waits for workers that is time,
 * and if it computes while they read it is none.
 */

/** Batches that are not measured, for code and caches are cold. */
const COLD = 8;
/** Batches of a trial. */
const TRIAL = 16;
/** Batches until the other is tried again: at first, then so many times more. */
const FIRST_SPAN = 512;
const SPAN_GROWTH = 4;
const LAST_SPAN = 1 << 16;

/** A trial that takes so many times as long as it should is lost before. */
const MOST_TIMES = 2;

/** Workers take processors from others: they are to be faster by some. */
const WORTH = 1.05;

interface Cost {
  batches: number;
  milliseconds: number;
  rows: number;
}

/** Decides who reads a batch, by what it cost before. */
export class ReaderChoice {
  #isHere = false;
  #left = COLD + TRIAL;
  #span = FIRST_SPAN;
  #turnsCount = 0;
  /** Milliseconds that a trial took, and that it may take. */
  #spent = 0;
  #most = Infinity;
  readonly #workers: Cost = { batches: 0, milliseconds: 0, rows: 0 };
  readonly #here: Cost = { batches: 0, milliseconds: 0, rows: 0 };

  /**
   * Decides about the next batch.
   *
   * @returns Whether this thread reads it.
   */
  next(): boolean {
    if (this.#left === 0) this.#turn();
    this.#left--;
    return this.#isHere;
  }

  /**
   * Takes down what a batch has cost this thread.
   *
   * @param isHere Whether this thread read it.
   * @param milliseconds The time that this thread waited and worked for it.
   * @param rows How many rows it has.
   */
  note(isHere: boolean, milliseconds: number, rows: number): void {
    this.#endLost(isHere, milliseconds);
    const cost = isHere ? this.#here : this.#workers;
    if (++cost.batches <= COLD) return;
    cost.milliseconds += milliseconds;
    cost.rows += rows;
  }

  /** The other one is tried, then the better one has its turn. */
  #turn(): void {
    if (this.#turnsCount++ % 2 === 0) {
      const usual = batchCostOf(this.#isHere ? this.#here : this.#workers);
      this.#isHere = !this.#isHere;
      this.#forget(this.#isHere);
      this.#left = COLD + TRIAL;
      this.#spent = 0;
      this.#most = MOST_TIMES * this.#left * usual;
      return;
    }
    this.#isHere = rateOf(this.#here) < WORTH * rateOf(this.#workers);
    this.#forget(this.#isHere);
    this.#left = this.#span;
    this.#span = Math.min(SPAN_GROWTH * this.#span, LAST_SPAN);
  }

  /** Workers whose caches are cold can take ten times as long. */
  #endLost(isHere: boolean, milliseconds: number): void {
    const isTrial = this.#turnsCount % 2 === 1 && isHere === this.#isHere;
    if (!isTrial) return;
    this.#spent += milliseconds;
    if (this.#spent > this.#most) this.#left = 0;
  }

  #forget(isHere: boolean): void {
    Object.assign(isHere ? this.#here : this.#workers, {
      batches: 0,
      milliseconds: 0,
      rows: 0,
    });
  }
}

/** Milliseconds a row. */
function rateOf({ milliseconds, rows }: Cost): number {
  return rows === 0 ? Infinity : milliseconds / rows;
}

/** Milliseconds a batch. */
function batchCostOf({ batches, milliseconds }: Cost): number {
  return batches > COLD ? milliseconds / (batches - COLD) : Infinity;
}
