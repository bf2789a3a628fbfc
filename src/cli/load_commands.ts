import type { Command } from "./command.ts";

/**
 * How commands of one word are loaded alone: a process that runs one command
 * does not wait for the code of the others.
 */
export const COMMAND_LOADERS: Readonly<Record<string, () => Promise<Command>>> =
  {
    import: async () => (await import("./commands/import.ts")).IMPORT_COMMAND,
    info: async () => (await import("./commands/info.ts")).INFO_COMMAND,
    totals: async () => (await import("./commands/totals.ts")).TOTALS_COMMAND,
    show: async () => (await import("./commands/show.ts")).SHOW_COMMAND,
    annotate: async () =>
      (await import("./commands/annotate.ts")).ANNOTATE_COMMAND,
    view: async () => (await import("./commands/view.ts")).VIEW_COMMAND,
    collect: async () =>
      (await import("./commands/collect.ts")).COLLECT_COMMAND,
    sum: async () => (await import("./commands/sum.ts")).SUM_COMMAND,
    export: async () => (await import("./commands/export.ts")).EXPORT_COMMAND,
    plan: async () => (await import("./commands/plan.ts")).PLAN_COMMAND,
    merge: async () => (await import("./commands/merge.ts")).MERGE_COMMAND,
    delane: async () => (await import("./commands/delane.ts")).DELANE_COMMAND,
    verify: async () => (await import("./commands/verify.ts")).VERIFY_COMMAND,
    devices: async () =>
      (await import("./commands/devices.ts")).DEVICES_COMMAND,
    demo: async () => (await import("./commands/demo.ts")).DEMO_COMMAND,
    completions: async () =>
      (await import("./commands/completions.ts")).COMPLETIONS_COMMAND,
  };

/**
 * Loads the commands that a command line may need.
 *
 * @param words What follows `metacell`.
 * @returns The command that is named; all where none is, or help is asked for.
 */
export async function loadCommands(
  words: readonly string[],
): Promise<readonly Command[]> {
  const [name = ""] = words;
  if (Object.hasOwn(COMMAND_LOADERS, name)) {
    return [await COMMAND_LOADERS[name]!()];
  }
  if (name === "--version" || name === "-V") return [];
  const { COMMANDS } = await import("./commands.ts");
  return COMMANDS;
}
