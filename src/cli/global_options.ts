/** Options that mean the same wherever they are. */
import type { Device } from "../compute/choose_engine.ts";
import type { OptionSpec } from "./options.ts";

/** What can compute. */
export const DEVICES = [
  "auto",
  "cpu",
  "gpu",
] as const satisfies readonly Device[];

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

/** Where something is computed. */
export const DEVICE_OPTION: OptionSpec = {
  name: "device",
  value: "DEVICE",
  choices: DEVICES,
  description: "What computes; auto takes the GPU where it is faster",
};

/** Where something is computed. */
export const THREADS_OPTION: OptionSpec = {
  name: "threads",
  value: "N",
  description: "The most threads of the CPU; by default one a core, 8 at most",
};

/** Where something is computed that may be kept. */
export const NO_CACHE_OPTION: OptionSpec = {
  name: "no-cache",
  description: "Compute anew: read nothing that was cached, and keep nothing",
};

/** Where counts are computed over. */
export const COMPUTE_OPTIONS: readonly OptionSpec[] = [
  DEVICE_OPTION,
  THREADS_OPTION,
  NO_CACHE_OPTION,
];

/**
 * What every command takes, also where it changes nothing, so that scripts can
 * pass the same options everywhere.
 */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  GENES_SET_OPTION,
  ...COMPUTE_OPTIONS,
];

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
