import { pathKind } from "../../io/files.ts";
import { joinPath } from "../../io/paths.ts";
import type { Command } from "../command.ts";
import { takesUnicode } from "../context.ts";
import { describeContainer, type Description } from "../describe.ts";
import { renderTree } from "../describe_tree.ts";
import {
  COMPUTE_OPTIONS,
  GENES_SET_OPTION,
  JSON_OPTION,
} from "../global_options.ts";
import { DIR_ARGUMENT, openProfiles } from "../open_profiles.ts";
import { createStyle } from "../style.ts";
import { formatBytes, formatCount, formatKind, formatMany } from "../text.ts";

/** `metacell info`. */
export const INFO_COMMAND: Command = {
  name: "info",
  summary: "Say what a container holds",
  description: "Of a view, a collection and groups it also shows what they " +
    "are made of, down to the batches.",
  usage: "DIR [--json]",
  arguments: [DIR_ARGUMENT],
  options: [JSON_OPTION, ...COMPUTE_OPTIONS, GENES_SET_OPTION],
  examples: [
    { line: "info cells", what: "How many cells, genes and counts" },
    { line: "info cells --json", what: "The same, for a script" },
  ],
  async run(context, parsed) {
    const { stdout } = context;
    checkFolder(parsed.argument("DIR"));
    using profiles = await openProfiles(context, parsed);
    const description = await describeContainer(profiles);
    if (parsed.flag("json")) {
      stdout.write(`${JSON.stringify(description, undefined, 2)}\n`);
      return;
    }
    const style = createStyle(stdout.hasColor);
    for (const [label, text] of describeRows(description)) {
      stdout.writeStyled(style.cyan(label.padEnd(12)));
      stdout.write(`${text}\n`);
    }
    const lines = renderTree(description, takesUnicode(context));
    if (lines.length === 1) return;
    for (const line of ["", ...lines]) stdout.write(`${line}\n`);
  },
};

/** A genes set is a folder that many name by mistake. */
function checkFolder(path: string): void {
  if (pathKind(joinPath(path, "profiles.yaml")) === "file") return;
  if (pathKind(joinPath(path, "genes.yaml")) !== "file") return;
  throw new Error(
    `Cannot open ${path}: it is a genes set, not a container of profiles`,
  );
}

function describeRows(description: Description): [string, string][] {
  const { available, genes } = description;
  return [
    ["kind", description.kind],
    ["profiles", profilesText(description)],
    ["genes", genesText(description)],
    ["entries", entriesText(description)],
    ["size", sizeText(description)],
    ["organism", description.organism],
    ["uuid", description.uuid],
    ["genes set", `${genes.path} (${genes.uuid})`],
    ["of profiles", available.p.join(", ")],
    ["of genes", available.g.join(", ")],
  ];
}

function profilesText(description: Description): string {
  const { profiles_count, profiles_kind } = description;
  return formatKind(profiles_count, profiles_kind);
}

function genesText({ genes_count, genes_not_measured }: Description): string {
  const missing = genes_not_measured === 0
    ? ""
    : `, of which ${
      formatMany(genes_not_measured, "was", "were")
    } not measured`;
  return formatCount(genes_count) + missing;
}

function entriesText(description: Description): string {
  const { entries_count, profiles_count, genes_count } = description;
  const cells = profiles_count * genes_count;
  const share = cells === 0
    ? ""
    : ` (${(100 * entries_count / cells).toPrecision(3)}% of all counts)`;
  return formatCount(entries_count) + share;
}

function sizeText({ bytes, matrix_bytes, entries_count }: Description): string {
  const each = entries_count === 0 || matrix_bytes === 0
    ? ""
    : `, the counts ${
      (matrix_bytes / entries_count).toFixed(3)
    } bytes an entry`;
  return formatBytes(bytes) + each;
}
