import type { CollectionImportSummary } from "../imports/import_collection.ts";
import type {
  ImportedMember,
  ImportSummary,
} from "../imports/import_summary.ts";
import { formatBytes, formatCount, formatKind, formatMany } from "./text.ts";

/** How many lanes are listed one by one. */
const LISTED = 10;

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
  return [
    `${describeSize(summary, kind)}, from ${summary.format}`,
    `${describeCounts(summary)}, ${seconds.toFixed(2)} s`,
    ...describeMembers(summary, kind),
    ...summary.notes.map((line) => `note: ${line}`),
  ];
}

/**
 * What an import of several sources did, for people.
 *
 * @param summary What was written.
 * @param kind What a profile is, as `cells`.
 * @param seconds How long it took.
 * @returns Lines: on all, then on each source.
 */
export function describeCollectionImport(
  summary: CollectionImportSummary,
  kind: string,
  seconds: number,
): string[] {
  const { commonCount, sources } = summary;
  const common = commonCount === undefined
    ? ""
    : `, ${formatCount(commonCount)} of them in all`;
  return [
    `${describeSize(summary, kind)}${common}, from ` +
    formatMany(sources.length, "source"),
    `${describeCounts(summary)}, ${seconds.toFixed(2)} s`,
    ...sources.flatMap((source) => [
      `${source.name}: ${formatKind(source.profilesCount, kind)}, from ` +
      `${source.format} ${source.source}`,
      describeCounts(source),
      ...describeMembers(source, kind),
      ...source.notes.map((line) => `note: ${line}`),
    ]),
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
  return { ...sourceJson(summary), seconds };
}

/**
 * What an import of several sources did, for scripts.
 *
 * @param summary What was written.
 * @param seconds How long it took.
 * @returns An object for JSON.
 */
export function collectionImportJson(
  summary: CollectionImportSummary,
  seconds: number,
): Record<string, unknown> {
  return {
    path: summary.path,
    uuid: summary.uuid,
    organism: summary.organism,
    profiles_count: summary.profilesCount,
    genes_count: summary.genesCount,
    genes_in_all: summary.commonCount ?? null,
    ...countsJson(summary),
    sources: summary.sources.map((source) => ({
      name: source.name,
      ...sourceJson(source),
    })),
    notes: summary.notes,
    seconds,
  };
}

function sourceJson(summary: ImportSummary): Record<string, unknown> {
  return {
    path: summary.path,
    uuid: summary.uuid,
    source: summary.source,
    format: summary.format,
    organism: summary.organism,
    profiles_count: summary.profilesCount,
    genes_count: summary.genesCount,
    ...countsJson(summary),
    zeros_dropped: summary.zerosCount,
    repeats_added_up: summary.repeatsCount,
    genes_renamed: summary.repeatedGenes,
    rows_left_out: summary.leftOutRows,
    entries_left_out: summary.leftOutEntries,
    genes_missing: summary.missingRows,
    umis_missing: summary.missingUmis,
    barcodes_repeated: summary.repeatedBarcodes,
    notes: summary.notes,
    members: summary.members.map((member) => ({
      name: member.name,
      uuid: member.uuid,
      profiles_count: member.profilesCount,
      ...countsJson(member),
      parts_count: member.partsCount,
    })),
  };
}

/** What counts were written. */
type Counts = Pick<
  ImportSummary,
  "byteLength" | "entriesCount" | "totalUmis"
>;

function countsJson(counts: Counts): Record<string, unknown> {
  const { byteLength, entriesCount, totalUmis } = counts;
  return {
    entries_count: entriesCount,
    umis: totalUmis,
    bytes: byteLength,
    bytes_an_entry: entriesCount > 0 ? byteLength / entriesCount : null,
  };
}

function describeSize(
  summary: Pick<
    ImportSummary,
    "genesCount" | "organism" | "path" | "profilesCount"
  >,
  kind: string,
): string {
  const { genesCount, organism, path, profilesCount } = summary;
  return `${path}: ${formatKind(profilesCount, kind)} x ` +
    `${formatMany(genesCount, "gene")} of ${organism}`;
}

function describeCounts(
  { byteLength, entriesCount, totalUmis }: Counts,
): string {
  const each = entriesCount === 0
    ? ""
    : ` (${(byteLength / entriesCount).toFixed(3)} bytes an entry)`;
  return `${formatMany(entriesCount, "entry", "entries")}, ` +
    `${formatMany(totalUmis, "UMI")}, ${formatBytes(byteLength)}${each}`;
}

/** The lanes, or the parts. */
function describeMembers(
  { members }: ImportSummary,
  kind: string,
): string[] {
  const lines = members.slice(0, LISTED).map((member: ImportedMember) =>
    `  ${member.name}: ${formatKind(member.profilesCount, kind)}, ` +
    describeCounts(member)
  );
  const more = members.length - LISTED;
  return more > 0 ? [...lines, `  and ${formatCount(more)} more`] : lines;
}
