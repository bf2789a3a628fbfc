import { readNpy } from "../arrays/npy.ts";
import { readDataArray } from "../arrays/data_array_files.ts";
import { geneEntries } from "../compute/gene_entries.ts";
import { geneTotals, profileTotals } from "../compute/totals.ts";
import type { Genes } from "../genes/genes.ts";
import { combineUuids, fileUuid } from "../io/digest.ts";
import { FileSource, type FileState, fileState } from "../io/file_source.ts";
import { pathKind } from "../io/files.ts";
import { joinPath, relativePath } from "../io/paths.ts";
import { DenseMatrix } from "../matrix/dense_matrix.ts";
import { MemoryMappedMatrix } from "../matrix/memory_mapped_matrix.ts";
import type { ProfileEntries } from "../matrix/pairs.ts";
import type { RawMatrix } from "../matrix/raw_matrix.ts";
import type { ArrayKind } from "./array_names.ts";
import { ComputedCache } from "./computed_cache.ts";
import { type OpenOptions, Profiles, type TotalsOptions } from "./profiles.ts";
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
  #matrix: Promise<RawMatrix> | undefined;
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
          `bytes are too few for ${metadata.profilesCount} profiles`,
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
   * @throws {Error} If there is no matrix, or it has other genes.
   */
  static async created(
    path: string,
    genes: Genes,
    profilesKind: string,
    options: BatchCreatedOptions = {},
  ): Promise<ProfilesBatchMetadata> {
    const matrixPath = findMatrix(path);
    using matrix = await openMatrix(matrixPath);
    if (matrix.genesCount !== genes.count) {
      throw new Error(
        `Cannot make a batch of ${path}: its matrix has ` +
          `${matrix.genesCount} genes, and ${genes.place} has ${genes.count}`,
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
    this.#matrix ??= this.#openMatrix();
    return this.#matrix;
  }

  /**
   * The counts of one profile.
   *
   * @param profileIndex The profile, from 0.
   * @returns The genes with a count, ascending, and their counts.
   * @throws {RangeError} If there is no such profile.
   */
  override async profileEntries(profileIndex: number): Promise<ProfileEntries> {
    this.checkProfile(profileIndex);
    return await (await this.rawMatrix()).readProfile(profileIndex);
  }

  /**
   * The counts of one gene, in one pass over the matrix.
   *
   * @param geneIndex The gene, from 0.
   * @param options Told of the progress.
   * @returns The profiles with a count, ascending, and their counts.
   * @throws {RangeError} If there is no such gene.
   */
  override async geneEntries(
    geneIndex: number,
    options: TotalsOptions = {},
  ): Promise<{ profiles: Uint32Array; counts: Uint32Array }> {
    const matrix = await this.rawMatrix();
    return await geneEntries(matrix, geneIndex, options.advance);
  }

  /**
   * Adds data of one profile, a value a gene, to an array.
   *
   * @param name The name of the data; a batch has `umis`.
   * @param profileIndex The profile, from 0.
   * @param profileArray The array, a value a gene.
   * @returns The array.
   * @throws {Error} If there are no data of the name.
   */
  override async addIntoGpArray(
    name: string,
    profileIndex: number,
    profileArray: Float32Array,
  ): Promise<Float32Array> {
    if (name !== "umis") {
      throw new Error(
        `Cannot read gp.${name} of ${this.metadata.path}: there is none`,
      );
    }
    const matrix = await this.rawMatrix();
    await matrix.addProfileData(profileIndex, profileArray);
    return profileArray;
  }

  /**
   * Sums the counts of each profile, or of each gene.
   *
   * @param kind `"p"` for a total a profile, `"g"` for a total a gene.
   * @param profileIndices The profiles to sum, by default all.
   * @param options Told of the progress.
   * @returns The totals: exact integers.
   */
  override async totalUmis(
    kind: ArrayKind,
    profileIndices?: ArrayLike<number>,
    options: TotalsOptions = {},
  ): Promise<Float64Array> {
    const { length = 0 } = profileIndices ?? {};
    for (let at = 0; at < length; at++) this.checkProfile(profileIndices![at]!);
    const totals = kind === "p" ? profileTotals : geneTotals;
    const cached = profileIndices ? undefined : this.#readCache(kind);
    if (cached) return cached;
    const matrix = await this.rawMatrix();
    const values = await totals(matrix, profileIndices, options.advance);
    if (!profileIndices) this.#writeCache(kind, values);
    return values;
  }

  /**
   * Counts the entries, where the metadata do not say.
   *
   * @returns The number of counts that are not zero.
   */
  override async entriesCount(): Promise<number> {
    return this.metadata.entriesCount ??
      await (await this.rawMatrix()).entriesCount();
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
    this.#matrix?.then((matrix) => matrix.close(), () => {});
    this.#matrix = undefined;
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
      `Cannot read ${matrix.name}: it has ${matrix.profilesCount} profiles ` +
        `of ${matrix.genesCount} genes, and its batch says ` +
        `${profilesCount} of ${this.genes.count}`,
    );
  }

  #readCache(kind: ArrayKind): Float64Array | undefined {
    if (!this.isCaching) return undefined;
    const length = kind === "p" ? this.profilesCount : this.genes.count;
    return this.#cache().read(`${kind}.total_umis`, length);
  }

  #writeCache(kind: ArrayKind, values: Float64Array): void {
    if (this.isCaching) this.#cache().write(`${kind}.total_umis`, values);
  }

  #cache(): ComputedCache {
    return new ComputedCache(this.metadata.path, this.metadata.uuid);
  }
}

/** The path of the matrix of a batch, in whichever form it is. */
function findMatrix(path: string): string {
  for (const name of [MATRIX_FILE, DENSE_MATRIX_FILE]) {
    const matrixPath = joinPath(path, name);
    if (pathKind(matrixPath) === "file") return matrixPath;
  }
  throw new Error(
    `Cannot open ${path}: it has neither ${MATRIX_FILE} nor ` +
      DENSE_MATRIX_FILE,
  );
}

async function openMatrix(
  path: string,
  state?: FileState,
): Promise<RawMatrix> {
  if (path.endsWith(".npy")) return new DenseMatrix(readNpy(path), path);
  return await MemoryMappedMatrix.open(FileSource.open(path, state));
}
