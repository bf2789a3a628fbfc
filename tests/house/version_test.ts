import { assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { VERSION } from "../../src/io/version.ts";
import { ROOT } from "./_tree.ts";

Deno.test("VERSION is that of the package", () => {
  assertEquals(VERSION, config.version);
});

Deno.test("the change log starts with the version of the package", () => {
  const log = Deno.readTextFileSync(new URL("CHANGELOG.md", ROOT));
  assertEquals(log.match(/^## \[?v?(\d+\.\d+\.\d+)/m)?.[1], config.version);
});
