import type { ImportSummary } from "../imports/import_summary.ts";
import { formatBytes, formatCount } from "./text.ts";

/**
 * What an import did, for people.
 *
 * @param summary What was written.
 * @param kind What a profile is, as `cells`.
 * @param seconds How long it took.
 * @returns Lines, what the user should look at last.
 */
export function describeImport(
  summary: ImportSummary,
  kind: string,
  seconds: number,
): string[] {
  const { profilesCount, genesCount, entriesCount, totalUmis } = summary;
  return [
    `${summary.path}: ${formatCount(profilesCount)} ${kind} x ` +
    `${formatCount(genesCount)} genes of ${summary.organism}, from ` +
    `${summary.format}`,
    `${formatCount(entriesCount)} entries, ${formatCount(totalUmis)} UMIs, ` +
    `${formatBytes(summary.byteLength)}${bytesEach(summary)}, ` +
    `${seconds.toFixed(2)} s`,
    ...summary.notes.map((line) => `note: ${line}`),
  ];
}

/**
 * What an import did, for scripts.
 *
 * @param summary What was written.
 * @param seconds How long it took.
 * @returns An object for JSON.
 */
export function importJson(
  summary: ImportSummary,
  seconds: number,
): Record<string, unknown> {
  return {
    path: summary.path,
    uuid: summary.uuid,
    source: summary.source,
    format: summary.format,
    organism: summary.organism,
    profiles_count: summary.profilesCount,
    genes_count: summary.genesCount,
    entries_count: summary.entriesCount,
    umis: summary.totalUmis,
    bytes: summary.byteLength,
    bytes_an_entry: summary.entriesCount > 0
      ? summary.byteLength / summary.entriesCount
      : null,
    zeros_dropped: summary.zerosCount,
    repeats_added_up: summary.repeatsCount,
    genes_renamed: summary.repeatedGenes,
    rows_left_out: summary.leftOutRows,
    entries_left_out: summary.leftOutEntries,
    genes_missing: summary.missingRows,
    umis_missing: summary.missingUmis,
    barcodes_repeated: summary.repeatedBarcodes,
    notes: summary.notes,
    seconds,
  };
}

function bytesEach({ byteLength, entriesCount }: ImportSummary): string {
  if (entriesCount === 0) return "";
  return ` (${(byteLength / entriesCount).toFixed(3)} bytes an entry)`;
}
