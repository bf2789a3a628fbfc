import { FileSink } from "../io/file_sink.ts";
import { joinPath } from "../io/paths.ts";
import { MAX_COUNT } from "../matrix/layout.ts";
import { type MatrixSummary, MatrixWriter } from "../matrix/matrix_writer.ts";
import type { CountsBlock, ImportSource } from "./importer.ts";
import { OverflowError, ProfileAccumulator } from "./profile_accumulator.ts";

/** How the counts of a source are written. */
export interface ImportMatrixOptions {
  /** The folder that the matrix goes into, and temporary files. */
  readonly folder: string;
  /** The name of the matrix file. */
  readonly fileName: string;
  /** The gene of each source row, or why it has none. */
  readonly sourceIndex: Int32Array;
  /** The number of genes. */
  readonly genesCount: number;
  /** Stops the import. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the progress. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** What was written, and what was dropped on the way. */
export interface ImportedMatrix {
  /** What the writer says. */
  readonly matrix: MatrixSummary;
  /** What counted zeros, repeats and left out entries. */
  readonly dropped: Pick<
    ProfileAccumulator,
    "zerosCount" | "repeatsCount" | "leftOut" | "missing"
  >;
}

/**
 * Writes the counts of a source as a matrix file.
 *
 * @param source The source.
 * @param options Where to write, and which genes.
 * @returns What was written.
 */
export async function importMatrix(
  source: ImportSource,
  options: ImportMatrixOptions,
): Promise<ImportedMatrix> {
  const { folder, signal, progress } = options;
  let target = new Target(source, options);
  try {
    const blocks = source.blocks({
      scratch: folder,
      ...(signal && { signal }),
      ...(progress && { progress }),
    });
    for await (const block of blocks) {
      if (block.isRestart) target = target.again();
      target.write(block);
    }
    return target.finish();
  } catch (error) {
    target.abort();
    throw error;
  }
}

/** The matrix file while it is written. */
class Target {
  readonly #source: ImportSource;
  readonly #options: ImportMatrixOptions;
  readonly #writer: MatrixWriter;
  readonly #accumulator: ProfileAccumulator;

  constructor(source: ImportSource, options: ImportMatrixOptions) {
    this.#source = source;
    this.#options = options;
    const { folder, fileName, sourceIndex, genesCount } = options;
    const sink = FileSink.create(joinPath(folder, fileName));
    const profilesCount = source.profiles.count;
    this.#writer = new MatrixWriter(sink, { genesCount, profilesCount });
    this.#accumulator = new ProfileAccumulator(sourceIndex, genesCount);
  }

  /** Starts over: what was written is void. */
  again(): Target {
    this.abort();
    return new Target(this.#source, this.#options);
  }

  write(block: CountsBlock): void {
    const { offsets, firstProfile, isOpen } = block;
    const profiles = offsets.length - 1;
    for (let at = 0; at < profiles; at++) {
      this.#add(block, firstProfile + at, offsets[at]!, offsets[at + 1]!);
      if (at < profiles - 1 || !isOpen) this.#endProfile();
    }
  }

  finish(): ImportedMatrix {
    return { matrix: this.#writer.finish(), dropped: this.#accumulator };
  }

  abort(): void {
    this.#writer.abort();
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
      const { genes, profiles, path } = this.#source;
      throw new RangeError(
        `Cannot import ${path}: the counts of gene ${genes.names[error.row]} ` +
          `of profile ${profiles.barcodes?.[profile] ?? profile} add up to ` +
          `more than ${MAX_COUNT}`,
        { cause: error },
      );
    }
  }

  #endProfile(): void {
    const { genes, counts } = this.#accumulator;
    const length = this.#accumulator.take();
    this.#writer.writeProfile(
      genes.subarray(0, length),
      counts.subarray(0, length),
    );
  }
}
