/**
 * Stand-in for `@std/cli` where JSR cannot be reached: `parseArgs` alone.
 *
 * @module
 */

export * from "./parse_args.ts";
