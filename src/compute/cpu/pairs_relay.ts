import type { RowPairs, UseRowPairs } from "../row_pairs.ts";
import type { PairsOutput } from "./pairs_runner.js";
import type { Piece } from "./parts.ts";

/** How the slots of pieces are made. */
export interface SlotsOptions {
  /** The number of rows of the job. */
  readonly rowsCount: number;
  /** The bytes of a slot, which no piece passes. */
  readonly slotBytes: number;
  /** The number of threads that fill slots. */
  readonly threads: number;
}

/**
 * Makes the slots that pieces are summed into.
 *
 * @param options The numbers of rows and threads.
 * @returns The slots, which threads share if there are several.
 */
export function makeSlots(
  { rowsCount, slotBytes, threads }: SlotsOptions,
): PairsOutput {
  const slots = threads > 1 ? 2 * threads : 1;
  const room = (bytes: number) =>
    threads > 1 ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return {
    slots,
    slotBytes,
    pairs: new Uint8Array(room(slots * slotBytes)),
    summaries: new Float64Array(room(16 * slots)),
    ends: new Uint32Array(room(4 * rowsCount)),
    ready: new Int32Array(room(4 * (slots + 1))),
  };
}

/**
 * Hands on the rows of pieces in their order, whichever threads sum them. Each
 * piece has a slot, which the next gets once it was used: so threads can't be
 * far ahead, and the memory does not grow with the number of rows.
 */
export class PairsRelay {
  /** What threads write to. */
  readonly output: PairsOutput;
  readonly #pieces: readonly Piece[];
  readonly #use: UseRowPairs;
  #used = 0;

  /**
   * @param pieces The pieces, in the order of their rows.
   * @param output The slots, which nobody else uses.
   * @param use Is given the rows of each piece.
   */
  constructor(
    pieces: readonly Piece[],
    output: PairsOutput,
    use: UseRowPairs,
  ) {
    this.#pieces = pieces;
    this.#use = use;
    this.output = output;
    output.ready.fill(0);
  }

  /**
   * Hands on what is ready, until a piece has a slot.
   *
   * @param piece The piece.
   * @param isStopped Whether it is not to be computed any more.
   */
  async waitForRoom(piece: number, isStopped: () => boolean): Promise<void> {
    for (;;) {
      await this.#useReady();
      if (piece < this.#used + this.output.slots || isStopped()) return;
      await pause();
    }
  }

  /**
   * Hands on all that is left.
   *
   * @param stop Says behind which piece all stopped.
   */
  async finish(stop: () => number): Promise<void> {
    for (;;) {
      await this.#useReady();
      if (this.#used >= Math.min(this.#pieces.length, stop())) return;
      await pause();
    }
  }

  async #useReady(): Promise<void> {
    const { ready, slots } = this.output;
    while (this.#used < this.#pieces.length) {
      const slot = this.#used % slots;
      if (Atomics.load(ready, slot) !== this.#used + 1) return;
      await this.#use(this.#rowsOf(this.#pieces[this.#used]!, slot));
      Atomics.store(ready, slots, ++this.#used);
      Atomics.notify(ready, slots);
    }
  }

  #rowsOf({ first, end }: Piece, slot: number): RowPairs {
    const { pairs, slotBytes, summaries } = this.output;
    const ends = this.output.ends.subarray(first, end);
    const start = slot * slotBytes;
    return {
      first,
      ends,
      pairs: pairs.subarray(start, start + ends.at(-1)!),
      entriesCount: summaries[2 * slot]!,
      totalUmis: summaries[2 * slot + 1]!,
    };
  }
}

/** Lets other threads go on, and their messages come in. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
