import { Genes } from "../../genes/genes.ts";
import type { Command } from "../command.ts";
import { folderSize } from "../folder_size.ts";
import { JSON_OPTION } from "../global_options.ts";
import { createStyle } from "../style.ts";
import { formatBytes, formatCount } from "../text.ts";

/** `metacell genes info`. */
export const GENES_INFO_COMMAND: Command = {
  name: "genes info",
  summary: "Say what a genes set holds",
  usage: "DIR [--json]",
  arguments: [{
    name: "DIR",
    completes: "folder",
    description: "The genes set, a folder with genes.yaml",
  }],
  options: [JSON_OPTION],
  examples: [
    { line: "genes info genes", what: "How many genes, of which organism" },
    { line: "genes info cells/genes --json", what: "The same, for a script" },
  ],
  async run({ stdout }, parsed) {
    const path = parsed.argument("DIR");
    const genes = await Genes.load(path);
    const { count, organism, uuid } = genes;
    const available = await genes.availableData();
    const bytes = folderSize(path);
    if (parsed.flag("json")) {
      const json = {
        path,
        uuid,
        organism,
        genes_count: count,
        bytes,
        available,
      };
      stdout.write(`${JSON.stringify(json, undefined, 2)}\n`);
      return;
    }
    const style = createStyle(stdout.hasColor);
    for (
      const [label, text] of [
        ["genes", formatCount(count)],
        ["organism", organism],
        ["uuid", uuid],
        ["size", formatBytes(bytes)],
        ["of genes", available.join(", ")],
      ] as const
    ) {
      stdout.writeStyled(style.cyan(label.padEnd(12)));
      stdout.write(`${text}\n`);
    }
  },
};
