import { pathKind } from "../../io/files.ts";
import type { Profiles } from "../../profiles/profiles.ts";
import { type CommandContext, note } from "../context.ts";
import type { OptionSpec } from "../options.ts";
import { formatMany, listNames } from "../text.ts";
import { readLabels } from "./label_file.ts";
import { groupByData, groupByLabels, type Groups } from "./labels.ts";

/** What profiles are grouped by. */
export const BY_OPTION: OptionSpec = {
  name: "by",
  value: "LABELS",
  required: true,
  completes: "file",
  description: "The name of p. data: categories, texts, integers or " +
    "bools; or a file: a label a line, two columns (barcode and label), " +
    "or a CSV or TSV with a header and the name of its COLUMN",
};

/**
 * Finds the groups that a command line asks for. Data come before files;
 * `./NAME` is a file always.
 *
 * @param context Where notes go.
 * @param profiles The container.
 * @param by The name of data, or a file.
 * @returns The groups.
 * @throws {Error} If there is neither, or they are no labels.
 */
export async function findGroups(
  context: CommandContext,
  profiles: Profiles,
  by: string,
): Promise<Groups> {
  const name = by.replace(/^p\./, "");
  const available = await profiles.availableData("p");
  for (const wanted of [by, name]) {
    if (!available.includes(wanted)) continue;
    const data = await profiles.anyArray("p", wanted);
    return groupByData(data, `p.${wanted}`);
  }
  const { column, path } = splitColumn(by);
  if (path === undefined) {
    // Collections have reasons of their own.
    const reason = await whyNoData(profiles, name);
    throw new Error(`Cannot sum by ${by}: there is no such file; ${reason}`);
  }
  const { labels, rowsLeft } = await readLabels(path, profiles, column);
  if (rowsLeft > 0) {
    note(
      context,
      `note: ${formatMany(rowsLeft, "row")} of ${path} without a profile`,
    );
  }
  return groupByLabels(labels);
}

async function whyNoData(profiles: Profiles, name: string): Promise<string> {
  const names = await profiles.availableData("p");
  try {
    await profiles.anyArray("p", name);
  } catch (error) {
    if (error instanceof Error && /member|base/.test(error.message)) {
      return error.message;
    }
  }
  const shown = names.map((known) => `p.${known}`);
  return `and no p.${name}, there are ${listNames(shown)}`;
}

/** A path may have a colon. */
function splitColumn(by: string): { path?: string; column?: string } {
  if (pathKind(by) === "file") return { path: by };
  for (let at = by.length; (at = by.lastIndexOf(":", at - 1)) > 0;) {
    const path = by.slice(0, at);
    const column = by.slice(at + 1);
    if (column !== "" && pathKind(path) === "file") return { path, column };
  }
  return {};
}
