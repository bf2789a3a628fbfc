import type { ByteSource } from "../../io/byte_source.ts";
import type { PairsPlace, Work } from "./job_runner.ts";
import type { PairsRelay } from "./pairs_relay.ts";
import type { PairsJob, PairsPart, PairsRunner } from "./pairs_runner.js";
import type { Piece } from "./parts.ts";
import type { ReadFunction } from "./runner.js";

/** What {@linkcode PairsWork} needs. */
export interface PairsWorkOptions {
  /** The number of genes of the rows. */
  readonly genesCount: number;
  /** The profiles. */
  readonly part: PairsPart;
  /** Their rows. */
  readonly pieces: readonly Piece[];
  /** Where their pairs are. */
  readonly sources: readonly ByteSource[];
  /** Takes the rows that were summed. */
  readonly relay: PairsRelay;
  /** What computes on this thread. */
  readonly runner: PairsRunner;
}

/** A job that sums rows one after the other, and gives them as pairs. */
export class PairsWork implements Work {
  readonly message: PairsJob & {
    readonly parts: readonly PairsPart[];
    readonly pieces: readonly Piece[];
  };
  readonly sources: readonly ByteSource[];
  readonly relay: PairsRelay;
  readonly #part: PairsPart;
  readonly #runner: PairsRunner;
  readonly #files: readonly number[];

  /**
   * @param options The profiles, what computes, and who takes the rows.
   */
  constructor(
    { genesCount, part, pieces, sources, relay, runner }: PairsWorkOptions,
  ) {
    const { output } = relay;
    const parts = [part];
    this.message = { kernel: "groupPairs", genesCount, output, parts, pieces };
    this.sources = sources;
    this.relay = relay;
    this.#part = part;
    this.#runner = runner;
    this.#files = sources.map((_, file) => file);
  }

  /** Starts the job. */
  begin(): void {
    this.#runner.begin(this.message);
  }

  /**
   * Sums the rows of a piece.
   *
   * @param piece The piece.
   * @param read Reads pairs.
   * @param isStopped Whether it is to be given up.
   * @returns The place of the first profile that is not valid, or -1.
   */
  run(
    { first, end }: Piece,
    read: ReadFunction,
    isStopped: () => boolean,
  ): Promise<number> {
    return this.#runner.run(this.#part, first, end, read, isStopped);
  }

  /**
   * Hands over the rows of a piece.
   *
   * @param piece Its number.
   */
  put(piece: number): void {
    this.#runner.put(piece);
  }

  /** Ends the job. */
  end(): void {
    this.#runner.end();
  }

  /** Gives up the job. */
  abandon(): void {
    this.#runner.abandon();
  }

  /**
   * The sources that a piece may have been read from.
   *
   * @returns All of them.
   */
  filesOf(): readonly number[] {
    return this.#files;
  }

  /**
   * Where the pairs of a profile are.
   *
   * @param _piece The piece that it is in.
   * @param profile The place of the profile in the list.
   * @returns The place.
   */
  placeOf(_piece: Piece, profile: number): PairsPlace {
    const { matrices, members, starts, ends } = this.#part;
    const { file, name, genesCount } = matrices[members[profile]!]!;
    const end = ends[profile]!;
    return { file, name, genesCount, start: starts[profile]!, end };
  }
}
