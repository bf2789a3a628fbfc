/**
 * Stand-in for `@std/yaml` where JSR cannot be reached: the subset that this
 * project uses, with the signatures of the real package, over the third
 * generation of js-yaml, of which the real package is a port.
 *
 * @module
 */

export * from "./parse.ts";
export * from "./stringify.ts";
export * from "./types.ts";
