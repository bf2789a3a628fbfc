import { moveFileIntoPlace } from "../io/atomic.ts";
import { FileSink } from "../io/file_sink.ts";
import { makeFolder, removePath } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import {
  type FinishMatrixOptions,
  MatrixFullError,
  type MatrixSummary,
  MatrixWriter,
} from "../matrix/matrix_writer.ts";
import { partName } from "../profiles/part_names.ts";
import { MATRIX_FILE } from "../profiles/profiles_batch.ts";

/** What the matrix files of a batch are written with. */
export interface MatrixPartsOptions {
  /** The number of genes. */
  readonly genesCount: number;
  /** The number of profiles that are to come. */
  readonly profilesCount: number;
  /** The most bytes of a file, where it is less than a file can have. */
  readonly byteLimit?: number | undefined;
}

/** A matrix file with some of the profiles of a batch, or with all. */
export interface MatrixPart {
  /** The name of the part, empty where there is only one. */
  readonly name: string;
  /** The folder that the file is in. */
  readonly folder: string;
  /** The index of its first profile in the batch. */
  readonly firstProfile: number;
  /** What was written. */
  readonly matrix: MatrixSummary;
}

/** A file that is being written. */
interface OpenFile {
  readonly sink: FileSink;
  readonly writer: MatrixWriter;
}

/**
 * Writes the profiles of a batch to a matrix file in its folder. Where the
 * next one would pass the limit of the file, this becomes the first of several
 * parts, each in a folder of its own: `part-0001` and so on.
 *
 * A file is closed as soon as it has all profiles, so that of many batches
 * which follow each other only one is open at a time.
 */
export class MatrixParts {
  readonly #folder: string;
  readonly #options: MatrixPartsOptions;
  readonly #parts: MatrixPart[] = [];
  readonly #partFolders: string[] = [];
  #file: OpenFile | undefined;
  #firstProfile = 0;

  /**
   * @param folder The folder of the batch, which is there.
   * @param options How many profiles and genes there are.
   */
  constructor(folder: string, options: MatrixPartsOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * Adds one profile.
   *
   * @param genes The indices of the genes, ascending.
   * @param counts The count of each of them.
   * @throws {MatrixFullError} If a file can't hold the profile alone.
   */
  write(genes: Uint32Array, counts: Uint32Array): void {
    this.#file ??= this.#open(this.#folder);
    const { sink } = this.#file;
    let { writer } = this.#file;
    try {
      writer.writeProfile(genes, counts);
    } catch (error) {
      const isFull = error instanceof MatrixFullError;
      if (!isFull || writer.profilesCount === 0) throw error;
      writer = this.#startPart(sink);
      writer.writeProfile(genes, counts);
    }
    if (this.#left === writer.profilesCount) this.#end();
  }

  /**
   * Ends the last part.
   *
   * @returns The parts in order, at least one.
   * @throws {Error} If there were fewer profiles than were announced.
   */
  finish(): readonly MatrixPart[] {
    if (this.#left > 0 || this.#parts.length === 0) {
      this.#file ??= this.#open(this.#folder);
      this.#end();
    }
    return this.#parts;
  }

  /** Removes all that was written. */
  abort(): void {
    this.#file?.writer.abort();
    this.#file = undefined;
    removePath(joinPath(this.#folder, MATRIX_FILE));
    for (const folder of this.#partFolders) removePath(folder);
  }

  /** How many profiles are not in a part that has ended. */
  get #left(): number {
    return this.#options.profilesCount - this.#firstProfile;
  }

  #open(folder: string): OpenFile {
    const sink = FileSink.create(joinPath(folder, MATRIX_FILE));
    const { byteLimit, genesCount } = this.#options;
    const profilesCount = this.#left;
    const limit = byteLimit === undefined ? {} : { byteLimit };
    const options = { genesCount, profilesCount, ...limit };
    return { sink, writer: new MatrixWriter(sink, options) };
  }

  /** Ends a part that is full; the first was the whole batch until now. */
  #startPart(full: FileSink): MatrixWriter {
    this.#end({ isShort: true });
    if (this.#parts.length === 1) {
      const { name, folder } = this.#makePart(0);
      moveFileIntoPlace(full, joinPath(folder, MATRIX_FILE));
      this.#parts[0] = { ...this.#parts[0]!, name, folder };
    }
    this.#file = this.#open(this.#makePart(this.#parts.length).folder);
    return this.#file.writer;
  }

  #end(options: FinishMatrixOptions = {}): void {
    const matrix = this.#file!.writer.finish(options);
    this.#file = undefined;
    const name = this.#partFolders.length === 0
      ? ""
      : partName(this.#parts.length);
    const folder = joinPath(this.#folder, name);
    const firstProfile = this.#firstProfile;
    this.#parts.push({ name, folder, firstProfile, matrix });
    this.#firstProfile += matrix.profilesCount;
  }

  #makePart(part: number): { name: string; folder: string } {
    const name = partName(part);
    const folder = joinPath(this.#folder, name);
    makeFolder(folder);
    this.#partFolders.push(folder);
    return { name, folder };
  }
}
