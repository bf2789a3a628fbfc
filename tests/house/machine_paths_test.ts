import { assertEquals } from "@std/assert";
import { readTree } from "./_tree.ts";

/** In two parts each, so that this file does not have them. */
const TRACES = [
  ["/wo", "rk/"],
  ["/ro", "ot/"],
  ["/ho", "me/"],
  ["/Us", "ers/"],
  ["registry.", "npmjs"],
  ["deb.", "debian.org"],
  ["files.", "pythonhosted"],
].map((parts) => parts.join(""));

Deno.test("no file names a machine's paths or a registry's host", () => {
  const found = readTree().flatMap(({ path, text }) =>
    TRACES.filter((trace) => text.includes(trace))
      .map((trace) => `${path}: ${trace}`)
  );
  assertEquals(found, []);
});
