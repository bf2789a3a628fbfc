import type { ByteSource } from "../../io/byte_source.ts";
import type { PairsPlace, Work } from "./job_runner.ts";
import { cutPieces, type Piece, type Plan } from "./parts.ts";
import type { Part, ReadFunction, Runner, RunnerJob } from "./runner.js";

/** A job over the parts of a plan, in the order in which they are stored. */
export class SpanWork implements Work {
  readonly message: RunnerJob & {
    readonly parts: readonly Part[];
    readonly pieces: readonly Piece[];
  };
  readonly sources: readonly ByteSource[];
  readonly #runner: Runner;

  /**
   * @param job What is computed. With threads, its results are shared.
   * @param plan The parts.
   * @param runner What computes on this thread.
   * @param threads The number of threads, this one included.
   */
  constructor(job: RunnerJob, plan: Plan, runner: Runner, threads: number) {
    const isShared = threads > 1;
    const parts = isShared ? shareParts(plan) : plan.parts;
    const pieces = cutPieces(plan.parts, plan.byteLength, threads);
    const lock = isShared
      ? new Int32Array(new SharedArrayBuffer(4))
      : undefined;
    this.message = { ...job, lock, parts, pieces };
    this.sources = plan.sources;
    this.#runner = runner;
  }

  /** Starts the job. */
  begin(): void {
    this.#runner.begin(this.message);
  }

  /**
   * Computes a piece.
   *
   * @param piece The piece.
   * @param read Reads pairs.
   * @param isStopped Whether it is to be given up.
   * @returns The first profile whose pairs are not valid, or -1.
   */
  run(
    { part, first, end }: Piece,
    read: ReadFunction,
    isStopped: () => boolean,
  ): Promise<number> {
    const { parts } = this.message;
    return this.#runner.run(parts[part]!, first, end, read, isStopped);
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
   * The source that a piece was read from.
   *
   * @param piece The piece.
   * @returns Its place among the sources.
   */
  filesOf(piece: Piece): readonly number[] {
    return [this.message.parts[piece.part]!.file];
  }

  /**
   * Where the pairs of a profile are.
   *
   * @param piece The piece that it is in.
   * @param profile The profile of the part.
   * @returns The place.
   */
  placeOf(piece: Piece, profile: number): PairsPlace {
    const part = this.message.parts[piece.part]!;
    const { file, name, genesCount } = part;
    const start = part.starts[profile]!;
    return { file, name, genesCount, start, end: part.ends[profile]! };
  }
}

/** Copies the lists of parts to where all threads see them. */
function shareParts({ parts }: Plan): Part[] {
  const shared = new Map<ArrayBufferLike, SharedArrayBuffer>();
  const share = <T extends Int32Array | Uint32Array>(values: T): T => {
    const { buffer, byteOffset, length } = values;
    let copy = shared.get(buffer);
    if (copy === undefined) {
      copy = new SharedArrayBuffer(buffer.byteLength);
      new Uint8Array(copy).set(new Uint8Array(buffer));
      shared.set(buffer, copy);
    }
    const Type = values.constructor as new (
      buffer: SharedArrayBuffer,
      byteOffset: number,
      length: number,
    ) => T;
    return new Type(copy, byteOffset, length);
  };
  return parts.map((part) => ({
    ...part,
    starts: share(part.starts),
    ends: share(part.ends),
    targets: part.targets && share(part.targets),
    rows: part.rows && share(part.rows),
    geneMap: part.geneMap && share(part.geneMap),
  }));
}
