import { verifyContainer } from "../../profiles/verify.ts";
import type { Command } from "../command.ts";
import { engineOptions } from "../compute_options.ts";
import { note } from "../context.ts";
import {
  COMMON_OPTIONS,
  COMPUTE_OPTIONS,
  GENES_SET_OPTION,
  JSON_OPTION,
} from "../global_options.ts";
import { openGenes } from "../open_profiles.ts";
import { nameOptions } from "../option_names.ts";
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
    ...COMPUTE_OPTIONS,
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
      compute: engineOptions(context, parsed),
      ...(genes && { genes }),
    });
    const { stdout } = context;
    if (parsed.flag("json")) {
      const result = { path, deep, checked: checkedCount, problems };
      stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    } else {
      for (const problem of problems) {
        stdout.write(`${problem.path}: ${describe(problem.message)}\n`);
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

function describe(message: string): string {
  const line = message.replace(/\s*[\r\n]+\s*/g, " ");
  return nameOptions(line, COMMON_OPTIONS);
}
