import { assertEquals, assertStrictEquals } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands.ts";
import { COMMAND_LOADERS, loadCommands } from "../../src/cli/load_commands.ts";

Deno.test("COMMAND_LOADERS load every command of one word", async () => {
  const single = COMMANDS.filter(({ name }) => !name.includes(" "));
  assertEquals(Object.keys(COMMAND_LOADERS), single.map(({ name }) => name));
  for (const command of single) {
    assertStrictEquals(await COMMAND_LOADERS[command.name]!(), command);
  }
});

Deno.test("loadCommands() loads all where none is named", async () => {
  for (const words of [[], ["help"], ["genes", "info"], ["toString"]]) {
    assertStrictEquals(await loadCommands(words), COMMANDS);
  }
  assertEquals((await loadCommands(["totals", "x"])).length, 1);
});
