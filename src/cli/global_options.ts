import type { OptionSpec } from "./options.ts";

/** Options that mean the same wherever they are. */

/** Every command has it. */
export const HELP_OPTION: OptionSpec = {
  name: "help",
  short: "h",
  description: "Show this help",
};

/** Every command has it. */
export const QUIET_OPTION: OptionSpec = {
  name: "quiet",
  short: "q",
  description: "No notes and no progress on stderr, only errors",
};

/** Where a container is opened. */
export const GENES_SET_OPTION: OptionSpec = {
  name: "genes-set",
  value: "DIR",
  completes: "folder",
  description: "The genes set to use, whatever the container says",
};

/** Where something is computed that may be kept. */
export const NO_CACHE_OPTION: OptionSpec = {
  name: "no-cache",
  description: "Compute anew, and keep nothing in the container's cache",
};

/** Where something is written. */
export const FORCE_OPTION: OptionSpec = {
  name: "force",
  description: "Replace what is there, if metacell wrote it",
};

/** Where there is something to read. */
export const JSON_OPTION: OptionSpec = {
  name: "json",
  description: "Print JSON on stdout",
};
