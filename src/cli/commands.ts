import type { Command } from "./command.ts";
import { ANNOTATE_COMMAND } from "./commands/annotate.ts";
import { COLLECT_COMMAND } from "./commands/collect.ts";
import { COMPLETIONS_COMMAND } from "./commands/completions.ts";
import { DELANE_COMMAND } from "./commands/delane.ts";
import { DEVICES_COMMAND } from "./commands/devices.ts";
import { DEMO_COMMAND } from "./commands/demo.ts";
import { EXPORT_COMMAND } from "./commands/export.ts";
import { GENES_CREATE_COMMAND } from "./commands/genes_create.ts";
import { GENES_INFO_COMMAND } from "./commands/genes_info.ts";
import { IMPORT_COMMAND } from "./commands/import.ts";
import { INFO_COMMAND } from "./commands/info.ts";
import { MERGE_COMMAND } from "./commands/merge.ts";
import { PLAN_COMMAND } from "./commands/plan.ts";
import { SHOW_COMMAND } from "./commands/show.ts";
import { SUM_COMMAND } from "./commands/sum.ts";
import { TOTALS_COMMAND } from "./commands/totals.ts";
import { VERIFY_COMMAND } from "./commands/verify.ts";
import { VIEW_COMMAND } from "./commands/view.ts";

/** All commands, in the order of help. */
export const COMMANDS: readonly Command[] = [
  IMPORT_COMMAND,
  GENES_CREATE_COMMAND,
  GENES_INFO_COMMAND,
  INFO_COMMAND,
  TOTALS_COMMAND,
  SHOW_COMMAND,
  ANNOTATE_COMMAND,
  VIEW_COMMAND,
  COLLECT_COMMAND,
  SUM_COMMAND,
  EXPORT_COMMAND,
  PLAN_COMMAND,
  MERGE_COMMAND,
  DELANE_COMMAND,
  VERIFY_COMMAND,
  DEVICES_COMMAND,
  DEMO_COMMAND,
  COMPLETIONS_COMMAND,
];
