import { dataArrayLength } from "../arrays/data_array.ts";
import { readNpy } from "../arrays/npy.ts";
import { readDataArray } from "../arrays/data_array_files.ts";
import {
  type LeafSpan,
  type ProfileSelection,
  selectProfiles,
} from "../compute/leaf_spans.ts";
import type { Genes } from "../genes/genes.ts";
import { combineUuids, fileUuid } from "../io/digest.ts";
import { FileSource, type FileState, fileState } from "../io/file_source.ts";
import { pathKind } from "../io/files.ts";
import { joinPath, relativePath } from "../io/paths.ts";
import { countOf, thereAre } from "../io/plural.ts";
import { Remembered } from "../io/remembered.ts";
import { DenseMatrix } from "../matrix/dense_matrix.ts";
import { MemoryMappedMatrix } from "../matrix/memory_mapped_matrix.ts";
import type { RawMatrix } from "../matrix/raw_matrix.ts";
import { type OpenOptions, Profiles } from "./profiles.ts";
import { ProfilesBatchMetadata } from "./profiles_batch_metadata.ts";
import { PROFILES_YAML, type ProfilesMetadata } from "./profiles_metadata.ts";

/** The file of the counts as byte pairs. */
export const MATRIX_FILE = "gp.umis.mmm";

/** The file of the counts as a dense array (genes, profiles). */
export const DENSE_MATRIX_FILE = "gp.umis.npy";

/** What is known of a batch when its metadata are written. */
export interface BatchCreatedOptions {
  /** The digest of the matrix file, where it was made while writing. */
  readonly matrixUuid?: string;
  /** The number of entries, where they were counted while writing. */
  readonly entriesCount?: number;
  /** The relative path of the genes, by default from the two folders. */
  readonly genesPath?: string;
}

/** What the source of a batch said of genes. */
export interface SourceGenesOfBatch {
  /** The names as the source spells them, in its order. */
  readonly names: readonly string[];
  /** For each of them the index of its gene, or -1. */
  readonly geneIndices: Int32Array;
}

/**
 * A batch of profiles that are stored together: a folder with the matrix file
 * of their counts.
 *
 * @example Make a batch and total it
 * ```ts
 * import {
 *   GenesSet,
 *   MemoryMappedMatrix,
 *   Profiles,
 *   ProfilesBatch,
 * } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/genes`);
 * await Deno.writeTextFile(`${folder}/genes/g.name.txt`, "ACTB\nCD3D\n");
 * const genes = await GenesSet.created(`${folder}/genes`, "human");
 *
 * const data: [number, number][][] = [[[0, 5], [1, 2]], [[1, 300]]];
 * MemoryMappedMatrix.write(`${folder}/gp.umis.mmm`, 2, data);
 * await Deno.writeTextFile(`${folder}/p.barcode.txt`, "AAAC-1\nAAAG-1\n");
 * await ProfilesBatch.created(folder, genes, "cells");
 *
 * using batch = await Profiles.load(folder);
 * assertEquals(await batch.profileNames(), ["AAAC-1", "AAAG-1"]);
 * assertEquals([...await batch.totalUmis("p")], [7, 300]);
 * assertEquals([...await batch.totalUmis("g")], [5, 302]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class ProfilesBatch extends Profiles {
  readonly #matrixState: FileState | undefined;
  readonly #matrixPath: string;
  readonly #matrix = new Remembered<RawMatrix>();
  #isClosed = false;

  /**
   * Opens a batch; `Profiles.load` is how a folder is opened.
   *
   * @param metadata The metadata of the batch.
   * @param genes The genes of its profiles.
   * @param options The name of the batch, and whether it caches.
   * @throws {Error} If the batch has no matrix, or one that is too small.
   */
  constructor(
    metadata: ProfilesMetadata,
    genes: Genes,
    options: OpenOptions = {},
  ) {
    super(metadata, genes, options);
    this.#matrixPath = findMatrix(metadata.path);
    this.#matrixState = fileState(this.#matrixPath);
    const least = 4 * (metadata.profilesCount + 1);
    if (
      this.#matrixPath.endsWith(".mmm") && this.#matrixState!.size < least
    ) {
      throw new Error(
        `Cannot open ${this.#matrixPath}: its ${this.#matrixState!.size} ` +
          `bytes are too few for ${countOf(metadata.profilesCount, "profile")}`,
      );
    }
  }

  /**
   * Writes the `profiles.yaml` of a folder that has a matrix.
   *
   * @param path The path of the folder.
   * @param genes The genes of its profiles.
   * @param profilesKind The kind of the profiles, as `cells`.
   * @param options What is known of the matrix already.
   * @returns The metadata that were written.
   * @throws {Error} If there is no matrix, it has other genes, or the genes
   * are not a whole set.
   */
  static async created(
    path: string,
    genes: Genes,
    profilesKind: string,
    options: BatchCreatedOptions = {},
  ): Promise<ProfilesBatchMetadata> {
    if (genes.full !== genes) {
      throw new Error(
        `Cannot make a batch of ${path}: its genes are only some of those ` +
          `of ${genes.place}, and a batch is of a whole set`,
      );
    }
    const matrixPath = findMatrix(path);
    using matrix = await openMatrix(matrixPath);
    if (matrix.genesCount !== genes.count) {
      throw new Error(
        `Cannot make a batch of ${path}: its matrix has ` +
          countOf(matrix.genesCount, "gene") +
          `, and ${genes.place} has ${genes.count}`,
      );
    }
    const matrixUuid = options.matrixUuid ?? fileUuid(matrixPath);
    const metadata = new ProfilesBatchMetadata(joinPath(path, PROFILES_YAML), {
      uuid: combineUuids([genes.uuid, matrixUuid]),
      organism: genes.organism,
      genes: options.genesPath ?? relativePath(path, genes.place),
      genes_uuid: genes.uuid,
      genes_count: genes.count,
      profiles_kind: profilesKind,
      profiles_count: matrix.profilesCount,
      entries_count: options.entriesCount ?? await matrix.entriesCount(),
    });
    metadata.dump();
    return metadata;
  }

  /**
   * The folders that hold the counts.
   *
   * @returns The path of the batch.
   */
  override dirPaths(): string[] {
    return [this.metadata.path];
  }

  /**
   * The matrix of the counts, which is opened once.
   *
   * @returns The matrix; it is closed with the batch.
   * @throws {Error} If the batch is closed, or the file changed since it was
   * opened.
   */
  rawMatrix(): Promise<RawMatrix> {
    if (this.#isClosed) {
      throw new Error(`Cannot read ${this.metadata.path}: it is closed`);
    }
    return this.#matrix.get(() => this.#openMatrix());
  }

  /**
   * The counts as a span of the matrix.
   *
   * @param selection Which profiles, where they go, what genes become.
   * @returns The span.
   */
  override async leafSpans(
    selection: ProfileSelection = {},
  ): Promise<readonly LeafSpan[]> {
    return [selectProfiles(await this.rawMatrix(), selection)];
  }

  /**
   * Which genes the source of the batch measured.
   *
   * @returns 1 for each gene that it did, else 0; undefined where it measured
   * all.
   * @throws {RangeError} If there is not a value for each gene.
   */
  // deno-lint-ignore require-await
  override async measuredGenes(): Promise<Uint8Array | undefined> {
    const { path } = this.metadata;
    if (pathKind(this.dataPath("genes.measured.npy")) !== "file") {
      return undefined;
    }
    const measured = readDataArray(path, "genes.measured");
    const length = dataArrayLength(measured);
    if (measured.dtype === "bool" && length === this.genes.count) {
      return measured.values as Uint8Array;
    }
    throw new RangeError(
      `Cannot use genes.measured of ${path}: it has ` +
        `${countOf(length, "value")} of ` +
        `${measured.dtype}, and ${thereAre(this.genes.count, "gene")}`,
    );
  }

  /**
   * What the source of the batch said of genes.
   *
   * @returns Its names and the gene of each, or undefined where the batch
   * does not know.
   */
  // deno-lint-ignore require-await
  async sourceGenes(): Promise<SourceGenesOfBatch | undefined> {
    const { path } = this.metadata;
    if (pathKind(this.dataPath("genes.source_name.txt")) !== "file") {
      return undefined;
    }
    const names = readDataArray(path, "genes.source_name");
    const indices = readDataArray(path, "genes.source_index");
    if (names.kind === "text" && indices.dtype === "int32") {
      const geneIndices = indices.values as Int32Array;
      if (names.values.length === geneIndices.length) {
        return { names: names.values, geneIndices };
      }
    }
    throw new Error(
      `Cannot read what the source of ${path} said of genes: ` +
        "genes.source_name and genes.source_index do not match",
    );
  }

  /** Closes the matrix; closing twice is fine, reading afterwards an error. */
  override close(): void {
    this.#isClosed = true;
    this.#matrix.forget()?.then((matrix) => matrix.close(), () => {});
  }

  async #openMatrix(): Promise<RawMatrix> {
    const matrix = await openMatrix(this.#matrixPath, this.#matrixState);
    const { profilesCount } = this;
    if (
      matrix.profilesCount === profilesCount &&
      matrix.genesCount === this.genes.count
    ) return matrix;
    matrix.close();
    throw new Error(
      `Cannot read ${matrix.name}: it has ` +
        `${countOf(matrix.profilesCount, "profile")} ` +
        `of ${countOf(matrix.genesCount, "gene")}, and its batch says ` +
        `${profilesCount} of ${this.genes.count}`,
    );
  }
}

/**
 * Finds the matrix of a batch, in whichever form it is.
 *
 * @param path The path of the folder.
 * @returns The path of the matrix.
 * @throws {Error} If there is none.
 */
export function findMatrix(path: string): string {
  for (const name of [MATRIX_FILE, DENSE_MATRIX_FILE]) {
    const matrixPath = joinPath(path, name);
    if (pathKind(matrixPath) === "file") return matrixPath;
  }
  throw new Error(
    `Cannot open ${path}: it has neither ${MATRIX_FILE} nor ` +
      DENSE_MATRIX_FILE,
  );
}

/**
 * Opens a matrix, in whichever form it is.
 *
 * @param path The path of the matrix.
 * @param state The state that the file must be in still.
 * @returns The open matrix.
 */
export async function openMatrix(
  path: string,
  state?: FileState,
): Promise<RawMatrix> {
  if (path.endsWith(".npy")) return new DenseMatrix(readNpy(path), path);
  return await MemoryMappedMatrix.open(FileSource.open(path, state));
}
