/** What the module says is for those who call it, not for a command line. */
import { assertEquals } from "@std/assert";
import { codeLines, readTree } from "./_tree.ts";

/** These are of whoever starts the process. */
const PERMISSION = /^--allow-(all|env|ffi|net|read|run|sys|write)$/;

Deno.test("messages of the module name no option of the command line", () => {
  const found: string[] = [];
  for (const { path, text } of readTree("src/", ".ts")) {
    if (path.startsWith("src/cli/")) continue;
    for (const line of codeLines(text)) {
      const [option] = /(?<![\w-])--[a-z][a-z-]+/.exec(line) ?? [];
      if (option === undefined || PERMISSION.test(option)) continue;
      found.push(`${path}: ${line.trim()}`);
    }
  }
  assertEquals(found, []);
});
