import type { ComputeOptions } from "../../compute/choose_engine.ts";
import { writeFileAtomically } from "../../io/atomic.ts";
import {
  fileSize,
  listFolder,
  makeFolder,
  pathKind,
  readFileText,
} from "../../io/files.ts";
import { joinPath } from "../../io/paths.ts";
import { importBatch } from "../../imports/import_batch.ts";
import "../../profiles/load.ts";
import { Profiles } from "../../profiles/profiles.ts";
import type { Command } from "../command.ts";
import { computeOptions } from "../compute_options.ts";
import { type CommandContext, takesUnicode } from "../context.ts";
import { type DemoFacts, describeDemo } from "../demo/report.ts";
import { totalEverywhere } from "../demo/total_everywhere.ts";
import { writeDemoSource } from "../demo/write_source.ts";
import { DEVICE_OPTION, THREADS_OPTION } from "../global_options.ts";
import { folderSize } from "../folder_size.ts";
import { ProgressBar } from "../progress.ts";
import { createStyle } from "../style.ts";

const DEFAULT_FOLDER = "metacell-demo";
const SOURCE_FOLDER = "raw_feature_bc_matrix";
const CONTAINER = "cells";
/** Tells a folder of ours from others. */
const MARK_FILE = "README.txt";
const MARK = "Made by `metacell demo`, which replaces it when it runs again.\n";

/** `metacell demo`. */
export const DEMO_COMMAND: Command = {
  name: "demo",
  summary: "Make realistic data, import it, total it and draw it",
  description: "Writes a folder as Cell Ranger does, with counts that are " +
    "like those of 2,700 blood cells and 5,300 empty droplets and the same " +
    "on every machine, imports it, totals it on every device that there is, " +
    "compares the bits, and draws.",
  usage: "[DIR]",
  arguments: [{
    name: "DIR",
    optional: true,
    completes: "folder",
    description: `Where to put it, by default ./${DEFAULT_FOLDER}`,
  }],
  options: [
    {
      ...DEVICE_OPTION,
      description: "What totals it; auto is the CPU, and the GPU where there " +
        "is one",
    },
    THREADS_OPTION,
  ],
  isReplacing: true,
  examples: [
    { line: "demo", what: `In ./${DEFAULT_FOLDER}` },
    { line: "demo /tmp/demo", what: "Elsewhere" },
  ],
  async run(context, parsed) {
    const folder = parsed.optionalArgument("DIR") ?? DEFAULT_FOLDER;
    prepareFolder(folder);
    const options = computeOptions(context, parsed);
    const facts = await runDemo(context, folder, options);
    const { stdout, program } = context;
    stdout.writeStyled(describeDemo(facts, {
      program,
      columns: stdout.columns,
      isUnicode: takesUnicode(context),
      style: createStyle(stdout.hasColor),
    }));
  },
};

/** Takes a folder that is new, empty, or of an earlier demo. */
function prepareFolder(path: string): void {
  const mark = joinPath(path, MARK_FILE);
  const kind = pathKind(path);
  const isOurs = kind === "missing" ||
    kind === "folder" &&
      (listFolder(path).length === 0 || pathKind(mark) === "file" &&
          readFileText(mark) === MARK);
  if (!isOurs) {
    throw new Error(
      `Cannot make a demo in ${path}: it is there, and not of an earlier demo`,
    );
  }
  makeFolder(path);
  writeFileAtomically(mark, MARK);
}

async function runDemo(
  context: CommandContext,
  folder: string,
  options: ComputeOptions,
): Promise<DemoFacts> {
  const source = joinPath(folder, SOURCE_FOLDER);
  const container = joinPath(folder, CONTAINER);
  using progress = new ProgressBar(context, "Making counts");
  progress.update(0, 0);
  const making = startClock();
  writeDemoSource(source);
  const makeSeconds = making();
  const importing = startClock();
  await importSource(source, container, context);
  const importSeconds = importing();
  using profiles = await Profiles.load(container, undefined, { cache: false });
  const devices = await totalEverywhere(profiles, options);
  return {
    source,
    container,
    makeSeconds,
    importSeconds,
    devices,
    sourceBytes: folderSize(source),
    containerBytes: folderSize(container),
    matrixBytes: fileSize(profiles.dataPath("gp.umis.mmm")),
    entriesCount: await profiles.entriesCount(),
    profileNames: await profiles.profileNames(),
    profileTotals: devices[0].profileTotals,
    geneNames: await profiles.genes.names(),
    geneTotals: devices[0].geneTotals,
  };
}

async function importSource(
  source: string,
  container: string,
  context: CommandContext,
): Promise<void> {
  using progress = new ProgressBar(context, "Importing");
  await importBatch(source, container, {
    force: true,
    signal: context.signal,
    progress: (done, total) => progress.update(done, total),
  });
}

/** Starts to count seconds; what it returns says how many. */
function startClock(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}
