/** Imports one open source into a folder that is being built. */
import { countOf } from "../io/plural.ts";
import { findMeasured } from "./batch_files.ts";
import {
  type BatchGenes,
  checkMissing,
  makeGenes,
  useGenes,
} from "./batch_genes.ts";
import {
  type ImportedMatrix,
  importMatrix,
  type MatrixTarget,
} from "./import_matrix.ts";
import type { ImportOptions } from "./import_options.ts";
import type { ImportSummary } from "./import_summary.ts";
import type { ImportSource } from "./importer.ts";
import { UNKNOWN_ORGANISM } from "./organism.ts";
import { LEFT_OUT } from "./profile_accumulator.ts";
import { lanePattern, splitLanes, type SplitProfiles } from "./split_lanes.ts";
import {
  makeMemberFolder,
  writeLanes,
  writeWhole,
  type WrittenContainer,
} from "./write_container.ts";

/**
 * Imports a source: a batch; a collection of its lanes, where it is to be
 * split by them; or one of parts, where a matrix file would be too large.
 *
 * @param source The source.
 * @param folder The folder of the container, which is there and empty.
 * @param options How to import.
 * @returns What was written; its path is the folder.
 */
export async function importSource(
  source: ImportSource,
  folder: string,
  options: ImportOptions,
): Promise<ImportSummary> {
  const { genesSet, splitLanes: pattern } = options;
  const split = pattern === undefined
    ? undefined
    : splitLanes(source, lanePattern(pattern));
  const batch = genesSet
    ? await useGenes(source, genesSet, options)
    : await makeGenes(source, folder, options);
  const imported = await importCounts({
    source,
    folder,
    batch,
    split,
    options,
  });
  checkMissing(source, batch, imported.dropped.missing, options);
  const profilesKind = options.profilesKind ?? "cells";
  const container = { folder, source, batch, profilesKind };
  const written = split
    ? await writeLanes(container, split, imported.parts)
    : await writeWhole(container, source.profiles, imported.parts[0]!);
  return summarize({ source, batch, split, imported, written });
}

async function importCounts(what: {
  readonly source: ImportSource;
  readonly folder: string;
  readonly batch: BatchGenes;
  readonly split: SplitProfiles | undefined;
  readonly options: ImportOptions;
}): Promise<ImportedMatrix> {
  const { source, folder, batch, split, options } = what;
  const { progress, signal } = options;
  const targets: MatrixTarget[] = split
    ? split.lanes.map(({ name, profiles }) => ({
      folder: makeMemberFolder(folder, name),
      profilesCount: profiles.length,
    }))
    : [{ folder, profilesCount: source.profiles.count }];
  return await importMatrix(source, {
    scratch: folder,
    targets,
    targetOfProfile: split?.laneOfProfile,
    sourceIndex: batch.sourceIndex,
    genesCount: batch.genes.count,
    byteLimit: options.matrixBytes,
    signal,
    progress: progress && ((done, total) => progress(done, total)),
  });
}

/** What an import did, to be said. */
interface Done {
  readonly source: ImportSource;
  readonly batch: BatchGenes;
  readonly split: SplitProfiles | undefined;
  readonly imported: ImportedMatrix;
  readonly written: WrittenContainer;
}

function summarize(done: Done): ImportSummary {
  const { source, batch, imported, written } = done;
  const { metadata, members } = written;
  const { dropped } = imported;
  const matrices = imported.parts.flat().map(({ matrix }) => matrix);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const summary = {
    source: source.path,
    path: metadata.path,
    format: source.format,
    uuid: metadata.uuid,
    organism: metadata.organism ?? UNKNOWN_ORGANISM,
    profilesCount: metadata.profilesCount,
    genesCount: batch.genes.count,
    entriesCount: sum(matrices.map(({ entriesCount }) => entriesCount)),
    totalUmis: sum(matrices.map(({ totalUmis }) => totalUmis)),
    byteLength: sum(matrices.map(({ byteLength }) => byteLength)),
    zerosCount: dropped.zerosCount,
    repeatsCount: dropped.repeatsCount,
    leftOutRows: batch.sourceIndex.filter((gene) => gene === LEFT_OUT).length,
    leftOutEntries: dropped.leftOut.entriesCount,
    missingRows: batch.missingNames.length,
    missingUmis: dropped.missing.totalUmis,
    repeatedGenes: batch.repeatedGenes,
    repeatedBarcodes: countRepeats(done),
    members,
    notes: [...source.notes, ...batch.notes],
  };
  return { ...summary, notes: [...summary.notes, ...notesOf(summary, done)] };
}

/** Barcodes repeat within a lane, where there are lanes. */
function countRepeats({ source, split }: Done): number {
  const { barcodes = [] } = split?.profiles ?? source.profiles;
  if (!split) return barcodes.length - new Set(barcodes).size;
  return split.lanes.reduce((count, { profiles }) => {
    const own = new Set<string>();
    for (const profile of profiles) own.add(barcodes[profile]!);
    return count + profiles.length - own.size;
  }, 0);
}

/** Says in words what was dropped, and what the user should look at. */
function notesOf(
  summary: ImportSummary,
  { batch, imported, split }: Done,
): string[] {
  const measured = findMeasured(batch.sourceIndex, batch.genes.count);
  const unmeasured = measured.filter((flag) => flag === 0).length;
  const { missingRows, missingUmis } = summary;
  const missing = `with ${countOf(missingUmis, "UMI")}`;
  const noPlace = "for the genes set has no place for";
  const counted: readonly [count: number, one: string, many: string][] = [
    [
      summary.zerosCount,
      "explicit zero was dropped",
      "explicit zeros were dropped",
    ],
    [
      summary.repeatsCount,
      "repeated entry was added up",
      "repeated entries were added up",
    ],
    [
      summary.leftOutEntries,
      "entry was of rows that are left out",
      "entries were of rows that are left out",
    ],
    [
      missingRows,
      `gene ${missing} is left out, ${noPlace} it`,
      `genes ${missing} are left out, ${noPlace} them`,
    ],
    [
      unmeasured,
      "gene of the genes set is not measured here",
      "genes of the genes set are not measured here",
    ],
    [
      summary.repeatedBarcodes,
      "profile has a barcode that repeats",
      "profiles have a barcode that repeats",
    ],
  ];
  const notes = counted.filter(([count]) => count > 0)
    .map(([count, one, many]) => countOf(count, one, many));
  const parts = imported.parts.filter((own) => own.length > 1);
  if (parts.length === 0) return notes;
  const what = split
    ? countOf(parts.length, "lane is", "lanes are")
    : "The batch is";
  const count = parts.flat().length;
  return [
    ...notes,
    `${what} in ${countOf(count, "part")}, for its counts are many`,
  ];
}
