import { type GenesSet, sameOrganism } from "../genes/genes_set.ts";
import { buildFolderAtomically, checkReplaceable } from "../io/atomic.ts";
import { isOverlapping, isWithin, joinPath } from "../io/paths.ts";
import { isContainerFolder } from "../profiles/container_folder.ts";
import { MATRIX_FILE, ProfilesBatch } from "../profiles/profiles_batch.ts";
import type { ProfilesBatchMetadata } from "../profiles/profiles_batch_metadata.ts";
import {
  writeGenesSet,
  writeMeasured,
  writeSourceArrays,
} from "./batch_files.ts";
import { type DuplicateGenes, nameGenes } from "./gene_names.ts";
import { matchGenes } from "./gene_match.ts";
import { openSource } from "./open_source.ts";
import { listSome } from "./import_error.ts";
import { type ImportedMatrix, importMatrix } from "./import_matrix.ts";
import type { ImportSummary } from "./import_summary.ts";
import type { ImportSource, SourceOptions } from "./importer.ts";
import { guessOrganism, UNKNOWN_ORGANISM } from "./organism.ts";
import { LEFT_OUT } from "./profile_accumulator.ts";
import { findImporter } from "./registry.ts";

/** How a source is imported. */
export interface ImportOptions extends SourceOptions {
  /** The name of the importer, where it is not to be found out. */
  readonly from?: string;
  /** Whether a container at the destination is replaced. */
  readonly force?: boolean;
  /** The organism; else the ids of the genes tell. */
  readonly organism?: string;
  /** The kind of the profiles, `cells` if unset. */
  readonly profilesKind?: string;
  /** What is done where names of genes repeat, `suffix` if unset. */
  readonly duplicateGenes?: DuplicateGenes;
  /** The genes set to use; else the batch gets one of its own. */
  readonly genesSet?: GenesSet;
  /** Whether genes that the genes set has no place for are left out. */
  readonly allowMissingGenes?: boolean;
  /** Stops the import; nothing is left of it. */
  readonly signal?: AbortSignal;
  /**
   * Told of the progress.
   *
   * @param done How much is done.
   * @param total How much there is; it can grow.
   */
  progress?(done: number, total: number): void;
}

/** The genes of a batch, and where the rows of its source are among them. */
interface BatchGenes {
  readonly genes: GenesSet;
  readonly sourceIndex: Int32Array;
  readonly missingNames: readonly string[];
  readonly repeatedGenes: number;
  readonly notes: readonly string[];
}

/**
 * Imports a source as a new batch. It is built beside its place and moved
 * there when it is whole; whatever goes wrong, nothing is left of it.
 *
 * @param source The path of the source.
 * @param destination The path of the batch.
 * @param options How to import.
 * @returns What was written, and what was not.
 * @throws {Error} If nothing knows the source, something is wrong with it, or
 * something is at the destination that may not be replaced.
 *
 * @example Import a 10x folder
 * ```ts
 * import { importBatch, Profiles } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const source = `${folder}/tenx`;
 * await Deno.mkdir(source);
 * await Deno.writeTextFile(`${source}/genes.tsv`, "ENSG1\tCD3D\nENSG2\tLYZ\n");
 * await Deno.writeTextFile(`${source}/barcodes.tsv`, "AAAC-1\nAAAG-1\n");
 * await Deno.writeTextFile(
 *   `${source}/matrix.mtx`,
 *   "%%MatrixMarket matrix coordinate integer general\n" +
 *     "2 2 3\n2 1 7\n1 1 1\n2 2 300\n",
 * );
 *
 * const { entriesCount } = await importBatch(source, `${folder}/cells`);
 * assertEquals(entriesCount, 3);
 *
 * using cells = await Profiles.load(`${folder}/cells`);
 * assertEquals([...await cells.totalUmis("p")], [8, 300]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function importBatch(
  source: string,
  destination: string,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const replacement = {
    force: options.force ?? false,
    isReplaceable: isContainerFolder,
  };
  checkApart(source, destination, options);
  const importer = await findImporter(source, options.from);
  checkReplaceable(destination, replacement);
  const opened = await openSource(importer, source, options);
  try {
    return await buildFolderAtomically(
      destination,
      replacement,
      async (folder) => ({
        ...await buildBatch(opened, folder, options),
        path: destination,
      }),
    );
  } finally {
    await opened.close?.();
  }
}

function checkApart(
  source: string,
  destination: string,
  { genesSet }: ImportOptions,
): void {
  if (isOverlapping(source, destination)) {
    throw new Error(
      `Cannot import ${source} to ${destination}: ` +
        "one of them is inside the other",
    );
  }
  if (!genesSet || !isWithin(genesSet.place, destination)) return;
  throw new Error(
    `Cannot import ${source} to ${destination}: ` +
      `its genes set ${genesSet.place} is inside it`,
  );
}

async function buildBatch(
  source: ImportSource,
  folder: string,
  options: ImportOptions,
): Promise<ImportSummary> {
  const { genesSet, signal, progress } = options;
  const batch = genesSet
    ? await useGenes(source, genesSet, options)
    : await makeGenes(source, folder, options);
  const { genes, sourceIndex } = batch;
  const imported = await importMatrix(source, {
    folder,
    fileName: MATRIX_FILE,
    sourceIndex,
    genesCount: genes.count,
    signal,
    progress: progress && ((done, total) => progress(done, total)),
  });
  checkMissing(source, batch, imported, options);
  writeSourceArrays(folder, source, sourceIndex);
  const unmeasured = writeMeasured(folder, sourceIndex, genes.count);
  const metadata = await writeMetadata(folder, batch, imported, options);
  return summarize({ source, batch, imported, metadata, unmeasured });
}

/** Makes a genes set of the source's own in the folder of the batch. */
async function makeGenes(
  source: ImportSource,
  folder: string,
  options: ImportOptions,
): Promise<BatchGenes> {
  const { duplicateGenes: duplicates = "suffix" } = options;
  const named = nameGenes(source.genes, { duplicates });
  const organism = options.organism ?? organismOf(source);
  const genes = await writeGenesSet(joinPath(folder, "genes"), source.genes, {
    named,
    organism,
  });
  const { sourceIndex, repeatsCount: repeatedGenes } = named;
  const what = duplicates === "sum"
    ? "are added to another gene of their name"
    : "got a suffix, for their name repeats";
  const notes = repeatedGenes > 0 ? [`${repeatedGenes} genes ${what}`] : [];
  return { genes, sourceIndex, missingNames: [], repeatedGenes, notes };
}

/** Finds the genes of the source in a given genes set. */
async function useGenes(
  source: ImportSource,
  genes: GenesSet,
  options: ImportOptions,
): Promise<BatchGenes> {
  const organism = options.organism ?? organismOf(source);
  if (!sameOrganism(organism, genes.organism)) {
    throw new Error(
      `Cannot import ${source.path}: it is of ${organism}, ` +
        `and the genes set ${genes.place} of ${genes.organism}`,
    );
  }
  const { duplicateGenes: duplicates = "suffix" } = options;
  const match = await matchGenes(source.genes, genes, { duplicates });
  const by = match.isById ? "ids" : "names";
  const notes = [`Genes are matched by their ${by}`];
  return { genes, ...match, repeatedGenes: 0, notes };
}

function organismOf({ genes }: ImportSource): string {
  const ids = genes.ids ?? genes.names;
  const { included } = genes;
  return guessOrganism(
    included ? ids.filter((_, row) => included[row] !== 0) : ids,
  );
}

function checkMissing(
  source: ImportSource,
  { missingNames, genes }: BatchGenes,
  { dropped }: ImportedMatrix,
  { allowMissingGenes }: ImportOptions,
): void {
  if (missingNames.length === 0 || allowMissingGenes) return;
  throw new Error(
    `Cannot import ${source.path}: the genes set ${genes.place} has no ` +
      `place for ${missingNames.length} genes with ` +
      `${dropped.missing.totalUmis} UMIs (--allow-missing-genes leaves them ` +
      `out): ${listSome(missingNames, 5)}`,
  );
}

function writeMetadata(
  folder: string,
  { genes }: BatchGenes,
  { matrix }: ImportedMatrix,
  options: ImportOptions,
): Promise<ProfilesBatchMetadata> {
  return ProfilesBatch.created(folder, genes, options.profilesKind ?? "cells", {
    ...(matrix.uuid !== undefined && { matrixUuid: matrix.uuid }),
    entriesCount: matrix.entriesCount,
  });
}

function summarize(done: {
  readonly source: ImportSource;
  readonly batch: BatchGenes;
  readonly imported: ImportedMatrix;
  readonly metadata: ProfilesBatchMetadata;
  readonly unmeasured: number;
}): ImportSummary {
  const { source, batch, imported, metadata, unmeasured } = done;
  const { matrix, dropped } = imported;
  const { barcodes = [] } = source.profiles;
  const summary = {
    source: source.path,
    path: metadata.path,
    format: source.format,
    uuid: metadata.uuid,
    organism: metadata.organism ?? UNKNOWN_ORGANISM,
    profilesCount: matrix.profilesCount,
    genesCount: batch.genes.count,
    entriesCount: matrix.entriesCount,
    totalUmis: matrix.totalUmis,
    byteLength: matrix.byteLength,
    zerosCount: dropped.zerosCount,
    repeatsCount: dropped.repeatsCount,
    leftOutRows: batch.sourceIndex.filter((gene) => gene === LEFT_OUT).length,
    leftOutEntries: dropped.leftOut.entriesCount,
    missingRows: batch.missingNames.length,
    missingUmis: dropped.missing.totalUmis,
    repeatedGenes: batch.repeatedGenes,
    repeatedBarcodes: barcodes.length - new Set(barcodes).size,
    notes: [...source.notes, ...batch.notes],
  };
  return {
    ...summary,
    notes: [...summary.notes, ...notesOf(summary, unmeasured)],
  };
}

/** Says in words what was dropped, and what the user should look at. */
function notesOf(summary: ImportSummary, unmeasured: number): string[] {
  const notes: readonly [number, string][] = [
    [summary.zerosCount, "explicit zeros were dropped"],
    [summary.repeatsCount, "repeated entries were added up"],
    [summary.leftOutEntries, "entries were of rows that are left out"],
    [
      summary.missingRows,
      `genes with ${summary.missingUmis} UMIs are left out, ` +
      "for the genes set has no place for them",
    ],
    [unmeasured, "genes of the genes set are not measured here"],
    [summary.repeatedBarcodes, "profiles have a barcode that repeats"],
  ];
  return notes.filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`);
}
