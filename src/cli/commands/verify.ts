import { verifyContainer } from "../../profiles/verify.ts";
import type { Command } from "../command.ts";
import { note } from "../context.ts";
import { GENES_SET_OPTION, JSON_OPTION } from "../global_options.ts";
import { openGenes } from "../open_profiles.ts";
import { formatMany } from "../text.ts";

/** `metacell verify`. */
export const VERIFY_COMMAND: Command = {
  name: "verify",
  summary: "Check a container, and list all that is wrong with it",
  description: "Exits with 1 where something is wrong.",
  usage: "DIR [--deep] [--json]",
  arguments: [{
    name: "DIR",
    completes: "folder",
    description: "A container, or a genes set",
  }],
  options: [
    {
      name: "deep",
      description: "Also read all counts and compare all digests",
    },
    JSON_OPTION,
    GENES_SET_OPTION,
  ],
  examples: [
    { line: "verify cells", what: "Check what can be checked at once" },
    { line: "verify cells --deep", what: "Check every count" },
  ],
  async run(context, parsed) {
    const path = parsed.argument("DIR");
    const genes = await openGenes(parsed);
    const deep = parsed.flag("deep");
    const { problems, checkedCount } = await verifyContainer(path, {
      deep,
      ...(genes && { genes }),
    });
    const { stdout } = context;
    if (parsed.flag("json")) {
      const result = { path, deep, checked: checkedCount, problems };
      stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    } else {
      for (const problem of problems) {
        stdout.write(`${problem.path}: ${oneLine(problem.message)}\n`);
      }
      note(
        context,
        `${formatMany(checkedCount, "check")}, ` +
          (problems.length === 0
            ? "nothing is wrong"
            : `${formatMany(problems.length, "problem")}`),
      );
    }
    return problems.length === 0 ? 0 : 1;
  },
};

function oneLine(message: string): string {
  return message.replace(/\s*[\r\n]+\s*/g, " ");
}
