import { assert, assertEquals } from "@std/assert";
import { ROOT } from "./_tree.ts";

/** Rewritten, not compared, when METACELL_UPDATE is set. */
const NAMES_FILE = new URL("./public_names.txt", import.meta.url);

interface Documentation {
  nodes: Record<string, {
    symbols: { name: string; declarations: { kind: string }[] }[];
  }>;
}

Deno.test("mod.ts exports the names that public_names.txt lists", async () => {
  const names = await publicNames();
  const text = names.map((name) => `${name}\n`).join("");
  if (Deno.env.has("METACELL_UPDATE")) Deno.writeTextFileSync(NAMES_FILE, text);
  assertEquals(text, Deno.readTextFileSync(NAMES_FILE));
});

async function publicNames(): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", "mod.ts"],
    cwd: ROOT,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const { nodes }: Documentation = JSON.parse(new TextDecoder().decode(stdout));
  return Object.values(nodes)
    .flatMap(({ symbols }) => symbols)
    .flatMap((
      { name, declarations },
    ) => [...new Set(declarations.map(({ kind }) => `${name} ${kind}`))])
    .sort();
}
