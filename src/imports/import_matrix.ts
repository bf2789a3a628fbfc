import { MATRIX_BYTE_LIMIT, MAX_COUNT } from "../matrix/layout.ts";
import { MatrixFullError } from "../matrix/matrix_writer.ts";
import type { CountsBlock, ImportSource } from "./importer.ts";
import { type MatrixPart, MatrixParts } from "./matrix_parts.ts";
import { OverflowError, ProfileAccumulator } from "./profile_accumulator.ts";

/** A batch that some of the profiles of a source go to, or all. */
export interface MatrixTarget {
  /** Its folder, which is there. */
  readonly folder: string;
  /** How many profiles it gets. */
  readonly profilesCount: number;
}

/** How the counts of a source are written. */
export interface ImportMatrixOptions {
  /** The folder that temporary files go into. */
  readonly scratch: string;
  /** Where the profiles go: at least one. */
  readonly targets: readonly MatrixTarget[];
  /** For each profile which target it goes to; the first if unset. */
  readonly targetOfProfile?: Uint16Array | undefined;
  /** The gene of each source row, or why it has none. */
  readonly sourceIndex: Int32Array;
  /** The number of genes. */
  readonly genesCount: number;
  /** The most bytes of a matrix file. */
  readonly byteLimit?: number | undefined;
  /** Stops the import. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the progress. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** What was written, and what was dropped on the way. */
export interface ImportedMatrix {
  /** The matrix files of each target. */
  readonly parts: readonly (readonly MatrixPart[])[];
  /** What counted zeros, repeats and left out entries. */
  readonly dropped: Pick<
    ProfileAccumulator,
    "zerosCount" | "repeatsCount" | "leftOut" | "missing"
  >;
}

/**
 * Writes the counts of a source as matrix files. The counts are read once,
 * whatever the number of targets, and however their profiles alternate; each
 * target that has some of its profiles but not all takes 256 KiB.
 *
 * @param source The source.
 * @param options Where to write, and which genes.
 * @returns What was written.
 */
export async function importMatrix(
  source: ImportSource,
  options: ImportMatrixOptions,
): Promise<ImportedMatrix> {
  const { scratch, signal, progress } = options;
  let output = new Output(source, options);
  try {
    const blocks = source.blocks({
      scratch,
      ...(signal && { signal }),
      ...(progress && { progress }),
    });
    for await (const block of blocks) {
      if (block.isRestart) output = output.again();
      output.write(block);
    }
    return output.finish();
  } catch (error) {
    output.abort();
    throw error;
  }
}

/** The matrix files while they are written. */
class Output {
  readonly #source: ImportSource;
  readonly #options: ImportMatrixOptions;
  readonly #targets: readonly MatrixParts[];
  readonly #accumulator: ProfileAccumulator;

  constructor(source: ImportSource, options: ImportMatrixOptions) {
    this.#source = source;
    this.#options = options;
    const { byteLimit, genesCount, sourceIndex, targets } = options;
    this.#targets = targets.map(({ folder, profilesCount }) =>
      new MatrixParts(folder, { byteLimit, genesCount, profilesCount })
    );
    this.#accumulator = new ProfileAccumulator(sourceIndex, genesCount);
  }

  /** Starts over: what was written is void. */
  again(): Output {
    this.abort();
    return new Output(this.#source, this.#options);
  }

  write(block: CountsBlock): void {
    const { offsets, firstProfile, isOpen } = block;
    const profiles = offsets.length - 1;
    for (let at = 0; at < profiles; at++) {
      const profile = firstProfile + at;
      this.#add(block, profile, offsets[at]!, offsets[at + 1]!);
      if (at < profiles - 1 || !isOpen) this.#endProfile(profile);
    }
  }

  finish(): ImportedMatrix {
    const parts = this.#targets.map((target) => target.finish());
    return { parts, dropped: this.#accumulator };
  }

  abort(): void {
    for (const target of this.#targets) target.abort();
  }

  #add(
    { rows, counts }: CountsBlock,
    profile: number,
    start: number,
    end: number,
  ): void {
    try {
      this.#accumulator.add(rows, counts, start, end);
    } catch (error) {
      if (!(error instanceof OverflowError)) throw error;
      const { genes, path } = this.#source;
      throw new RangeError(
        `Cannot import ${path}: the counts of gene ${genes.names[error.row]} ` +
          `of profile ${this.#nameOf(profile)} add up to more than ` +
          MAX_COUNT,
        { cause: error },
      );
    }
  }

  #endProfile(profile: number): void {
    const { genes, counts } = this.#accumulator;
    const length = this.#accumulator.take();
    const target = this.#options.targetOfProfile?.[profile] ?? 0;
    try {
      this.#targets[target]!.write(
        genes.subarray(0, length),
        counts.subarray(0, length),
      );
    } catch (error) {
      if (!(error instanceof MatrixFullError)) throw error;
      throw new RangeError(
        `Cannot import ${this.#source.path}: the counts of profile ` +
          `${this.#nameOf(profile)} alone pass the ` +
          `${
            this.#options.byteLimit ?? MATRIX_BYTE_LIMIT
          } bytes of a matrix file`,
        { cause: error },
      );
    }
  }

  #nameOf(profile: number): string | number {
    return this.#source.profiles.barcodes?.[profile] ?? profile;
  }
}
