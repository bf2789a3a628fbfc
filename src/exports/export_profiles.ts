import {
  buildFileAtomically,
  buildFolderAtomically,
  checkReplaceable,
} from "../io/atomic.ts";
import { pathKind } from "../io/files.ts";
import { isOverlapping } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import type { DataKind } from "../profiles/array_names.ts";
import type { Profiles } from "../profiles/profiles.ts";
import { dataNames } from "./data_names.ts";
import type { Exporter, ExporterOptions } from "./exporter.ts";
import { ExportSource, type ExportSourceOptions } from "./export_source.ts";
import { findExporter } from "./registry.ts";

/** How a container is exported. */
export interface ExportOptions extends ExporterOptions, ExportSourceOptions {
  /** The format; else the name of the destination tells. */
  readonly to?: string;
  /** Whether an older export at the destination is replaced. */
  readonly force?: boolean;
}

/** What was exported. */
export interface ExportSummary {
  /** The path of the export. */
  readonly path: string;
  /** The name of the format. */
  readonly format: string;
  /** The number of profiles. */
  readonly profilesCount: number;
  /** The number of genes. */
  readonly genesCount: number;
  /** The data that the format has no place for, as `p.cluster`. */
  readonly leftOut: readonly string[];
  /** What a user should know. */
  readonly notes: readonly string[];
}

const KINDS: readonly DataKind[] = ["g", "p", "gp", "gg", "pp"];

/**
 * Writes what a container shows, a batch, view, collection or groups, in a
 * format of others. Genes are spelled as in the source where that is known;
 * memory does not grow with the number of counts. The export appears when all
 * of it is there.
 *
 * @param profiles The container; it stays open.
 * @param destination Where the export goes.
 * @param options The format, and what else there is to choose.
 * @returns What was exported, and what the format has no place for.
 * @throws {Error} If there is something at the destination that may not be
 * replaced, it overlaps with the container, or the format cannot hold it.
 *
 * @example Import a table, and export it as a folder of 10x
 * ```ts
 * import { exportProfiles, importBatch, Profiles } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/a.csv`, "gene,c1,c2\nLyz2,2,0\nCd3d,1,7\n");
 * await importBatch(`${folder}/a.csv`, `${folder}/cells`, { genesIn: "rows" });
 *
 * using cells = await Profiles.load(`${folder}/cells`);
 * const { format } = await exportProfiles(cells, `${folder}/tenx`);
 * assertEquals(format, "tenx");
 * await exportProfiles(cells, `${folder}/b.csv`);
 * assertEquals(
 *   await Deno.readTextFile(`${folder}/b.csv`),
 *   "gene,c1,c2\nCd3d,1,7\nLyz2,2,0\n",
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function exportProfiles(
  profiles: Profiles,
  destination: string,
  options: ExportOptions = {},
): Promise<ExportSummary> {
  const exporter = findExporter(destination, options.to);
  checkOptions(exporter, destination, options);
  checkApart(profiles, destination);
  checkDestination(exporter, destination, options.force ?? false);
  const source = await ExportSource.open(profiles, options);
  const leftOut = await listLeftOut(profiles, exporter);
  const notes = await listNotes(source, exporter);
  const write = (path: string) => exporter.write(source, path, options);
  if (exporter.ending !== undefined) {
    await buildFileAtomically(destination, write);
  } else {
    const { force = false } = options;
    const { isReplaceable } = exporter;
    await buildFolderAtomically(destination, { force, isReplaceable }, write);
  }
  return {
    path: destination,
    format: exporter.name,
    profilesCount: source.profilesCount,
    genesCount: source.genesCount,
    leftOut,
    notes: [...notes, ...source.notes],
  };
}

function checkOptions(
  exporter: Exporter,
  destination: string,
  { genesIn }: ExportOptions,
): void {
  if (genesIn === undefined || exporter.name === "csv") return;
  throw new TypeError(
    `Cannot export to ${destination}: ${exporter.name} has its genes where ` +
      "the format says, only csv has a choice",
  );
}

function checkApart(profiles: Profiles, destination: string): void {
  const paths = [profiles.metadata.path, ...profiles.dirPaths()];
  const other = paths.find((path) => isOverlapping(destination, path));
  if (other === undefined) return;
  throw new Error(
    `Cannot export to ${destination}: it overlaps with ${other}, ` +
      "which is exported",
  );
}

function checkDestination(
  exporter: Exporter,
  destination: string,
  force: boolean,
): void {
  if (pathKind(destination) === "missing") return;
  const isReplaceable = () => true;
  checkReplaceable(destination, { force, isReplaceable });
  if (exporter.isReplaceable(destination)) return;
  throw new Error(
    `Cannot replace ${destination}: it is not ${exporter.summary}, ` +
      "and nothing else is replaced by one",
  );
}

async function listLeftOut(
  profiles: Profiles,
  exporter: Exporter,
): Promise<string[]> {
  const leftOut: string[] = [];
  for (const kind of KINDS) {
    const names = await dataNames(profiles, kind);
    const left = names.filter((name) => !exporter.holds(kind, name));
    leftOut.push(...left.map((name) => `${kind}.${name}`));
  }
  return leftOut;
}

async function listNotes(
  source: ExportSource,
  exporter: Exporter,
): Promise<string[]> {
  const { profileNames, profiles } = source;
  const measured = await profiles.measuredGenes();
  const unmeasured = measured?.reduce((sum, flag) => sum + 1 - flag, 0) ?? 0;
  const repeats = profileNames.length - new Set(profileNames).size;
  const notes: string[] = [];
  if (unmeasured > 0) {
    notes.push(
      `${countOf(unmeasured, "gene was", "genes were")} not measured in all ` +
        "profiles: the counts are written as 0",
    );
  }
  if (!exporter.hasNames) {
    notes.push(
      `${exporter.name} holds no names: profiles and genes are in the order ` +
        "of the container",
    );
  } else if (repeats > 0) {
    notes.push(
      countOf(repeats, "profile has", "profiles have") +
        " the name of another one",
    );
  }
  return notes;
}
