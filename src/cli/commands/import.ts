import { pathKind } from "../../io/files.ts";
import { importBatch } from "../../imports/import_batch.ts";
import {
  type CollectionImportSummary,
  type CollectionSource,
  importCollection,
} from "../../imports/import_collection.ts";
import type { ImportSummary } from "../../imports/import_summary.ts";
import { IMPORTERS } from "../../imports/registry.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import { IMPORT_OPTIONS, readImportOptions } from "../import_options.ts";
import {
  collectionImportJson,
  describeCollectionImport,
  describeImport,
  importJson,
} from "../import_report.ts";
import { DEST_ARGUMENT } from "../open_profiles.ts";
import { ProgressBar } from "../progress.ts";

/** `metacell import`. */
export const IMPORT_COMMAND: Command = {
  name: "import",
  summary: "Import counts into a container",
  description: "One source becomes a batch, several become a collection of a " +
    "batch each, over the genes of all. The container appears at DEST when " +
    "all of it is there; after a failure or an interrupt nothing is. Without " +
    "--genes-set it gets a genes set of its own, DEST/genes.",
  usage: "[NAME=]SOURCE... DEST [OPTIONS]",
  arguments: [
    {
      name: "SOURCE",
      many: true,
      completes: "file",
      description: IMPORTERS.map(({ summary }) => summary).join("; or ") +
        "; NAME= before one of several is its name in the collection, by " +
        "default that of its file",
    },
    DEST_ARGUMENT,
  ],
  options: IMPORT_OPTIONS,
  examples: [
    {
      line: "import filtered_feature_bc_matrix cells",
      what: "A folder of Cell Ranger",
    },
    {
      line: "import donor1.h5 second=run2/donor2.h5 study",
      what: "Two files, as a collection of donor1 and second",
    },
    {
      line: "import second_feature_bc_matrix cells2 " +
        "--genes-set cells/genes",
      what: "Another one, with the genes of the first",
    },
    {
      line: "import multi all --features all --organism human --force",
      what: "All types of features, in the place of an older container",
    },
    {
      line: "import ica_bone_marrow_h5.h5 marrow --split-lanes hca",
      what: "A batch a lane",
    },
    {
      line: "import plates.csv plates --split-lanes '^(?<lane>\\w+_P\\d+)\\.'",
      what: "A batch a plate, of cells such as AB_P1.A01",
    },
  ],
  async run(context, parsed) {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const sources = parsed.manyArguments("SOURCE").map(parseSource);
    const options = await readImportOptions(parsed);
    const { profilesKind: kind } = options;
    const job = { sources, path: parsed.argument("DEST") };
    const summary = await importWithProgress(context, job, options);
    const [lines, json] = "sources" in summary
      ? [
        describeCollectionImport(summary, kind, seconds()),
        collectionImportJson(summary, seconds()),
      ]
      : [
        describeImport(summary, kind, seconds()),
        importJson(summary, seconds()),
      ];
    for (const line of lines) note(context, line);
    noteUnusedName(context, sources);
    if (!parsed.flag("json")) return;
    context.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`);
  },
};

async function importWithProgress(
  context: CommandContext,
  { sources, path }: {
    readonly sources: readonly CollectionSource[];
    readonly path: string;
  },
  options: Awaited<ReturnType<typeof readImportOptions>>,
): Promise<ImportSummary | CollectionImportSummary> {
  using progress = new ProgressBar(context, "Importing");
  const all = {
    ...options,
    signal: context.signal,
    progress: (done: number, total: number) => progress.update(done, total),
  };
  if (sources.length > 1) return await importCollection(sources, path, all);
  return await importBatch(sources[0]!.path, path, all);
}

/** What stands before a `=` is a name, unless there is a file of the whole. */
function parseSource(word: string): CollectionSource {
  const at = word.indexOf("=");
  const name = word.slice(0, Math.max(at, 0));
  const isPath = name === "" || /[/\\]/.test(name) ||
    pathKind(word) !== "missing";
  return isPath ? { path: word } : { name, path: word.slice(at + 1) };
}

function noteUnusedName(
  context: CommandContext,
  sources: readonly CollectionSource[],
): void {
  const [{ name }] = sources as readonly [CollectionSource];
  if (sources.length > 1 || name === undefined) return;
  note(context, `note: one source is no collection: ${name} names nothing`);
}
