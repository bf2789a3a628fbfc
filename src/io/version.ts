/** The version of the package: what deno.json and the change log say. */
export const VERSION = "0.1.0";
