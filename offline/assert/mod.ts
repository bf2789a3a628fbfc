/**
 * Stand-in for `@std/assert` where JSR cannot be reached: the subset that this
 * project uses, with the signatures of the real package.
 *
 * Where `node:assert` and the real package judge differently, the stricter of
 * the two counts: what passes here passes there.
 *
 * @module
 */

export * from "./assertion_error.ts";
export * from "./comparisons.ts";
export * from "./equals.ts";
export * from "./throws.ts";
export * from "./values.ts";
