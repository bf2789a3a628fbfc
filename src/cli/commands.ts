import type { Command } from "./command.ts";
import { ANNOTATE_COMMAND } from "./commands/annotate.ts";
import { COMPLETIONS_COMMAND } from "./commands/completions.ts";
import { DEMO_COMMAND } from "./commands/demo.ts";
import { IMPORT_COMMAND } from "./commands/import.ts";
import { INFO_COMMAND } from "./commands/info.ts";
import { SHOW_COMMAND } from "./commands/show.ts";
import { TOTALS_COMMAND } from "./commands/totals.ts";
import { VERIFY_COMMAND } from "./commands/verify.ts";

/** All commands, in the order of help. */
export const COMMANDS: readonly Command[] = [
  IMPORT_COMMAND,
  INFO_COMMAND,
  TOTALS_COMMAND,
  SHOW_COMMAND,
  ANNOTATE_COMMAND,
  VERIFY_COMMAND,
  DEMO_COMMAND,
  COMPLETIONS_COMMAND,
];
