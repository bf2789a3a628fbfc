/**
 * docs/api.md against the exports and, where it is at hand, against the
 * reference page that it is a table of.
 */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url).pathname;
const DATA = Deno.env.get("METACELL_TEST_DATA") || `${ROOT}../shared/data`;
const REFERENCE = `${DATA}/../reference/metacell.storage.txt`;

interface Row {
  readonly there: string;
  readonly here: string;
  readonly note: string;
}

/** The rows of the tables of the reference's names. */
function readRows(): Row[] {
  const text = Deno.readTextFileSync(`${ROOT}docs/api.md`);
  const tables = text.slice(0, text.indexOf("## What is new"));
  const rows = tables.matchAll(/^\| `([\w.]+)`\s*\| (.*?)\s*\| (.*?)\s*\|$/gm);
  return [...rows].map(([_, there, here, note]) => ({
    there: there!,
    here: here!,
    note: note!,
  }));
}

interface Declaration {
  readonly kind: string;
  readonly def?: {
    readonly extends?: string;
    readonly properties?: readonly { name: string }[];
    readonly methods?: readonly { name: string }[];
  };
}

/** The members of each exported name, with those of the classes above it. */
async function exportedMembers(): Promise<Map<string, Set<string>>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", "mod.ts"],
    cwd: ROOT,
    stderr: "null",
  }).output();
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  const [{ symbols }] = Object.values(nodes) as [{
    symbols: readonly { name: string; declarations: readonly Declaration[] }[];
  }];
  const declared = new Map(
    symbols.map(({ name, declarations }) => [name, declarations]),
  );
  const membersOf = (name: string): string[] =>
    (declared.get(name) ?? []).flatMap(({ def }) => [
      ...(def?.properties ?? []).map((property) => property.name),
      ...(def?.methods ?? []).map((method) => method.name),
      // Groups extend a batch through a constant, since `created` differs.
      ...(def?.extends === "BatchOfGroups"
        ? membersOf("ProfilesBatch")
        : def?.extends
        ? membersOf(def.extends)
        : []),
    ]);
  return new Map(
    [...declared.keys()].map((name) => [name, new Set(membersOf(name))]),
  );
}

Deno.test("docs/api.md names what is exported, or says why it is not", async () => {
  const members = await exportedMembers();
  const rows = readRows();
  assert(rows.length > 150, "the tables were not found");
  for (const { there, here, note } of rows) {
    if (here === "not yet") {
      assert(note !== "", `${there} has no reason`);
      continue;
    }
    const name = here.replaceAll(/`|\(\)|^`new /g, "").replace(/^new /, "");
    const [container, member] = name.split(".");
    const found = members.get(container!);
    assert(found, `${there}: ${container} is not exported`);
    assert(!member || found.has(member), `${there}: ${name} is not there`);
  }
});

/** The names of the reference page: modules' members, and those of classes. */
function readReference(): string[] {
  const names: string[] = [];
  let inClass = "";
  for (const line of Deno.readTextFileSync(REFERENCE).split("\n")) {
    const header = line.match(/^class metacell\.storage\.\w+\.(\w+)/);
    const global = line.match(/^metacell\.storage\.\w+\.(\w+)(?:\(| = )/);
    const method = line.match(
      /^(?:abstract |static |classmethod )*(\w+)\(.*\) → /,
    );
    const attribute = line.match(/^(\w+) = /) ?? line.match(/^(container)$/);
    if (/^metacell\.storage\.\w+ module$/.test(line)) inClass = "";
    if (header) names.push(inClass = header[1]!);
    else if (global) names.push(global[1]!);
    else if (inClass && (method || attribute)) {
      names.push(`${inClass}.${(method ?? attribute)![1]}`);
    }
  }
  return names;
}

function hasReference(): boolean {
  try {
    return Deno.statSync(REFERENCE).isFile;
  } catch {
    return false;
  }
}

Deno.test({
  name: "docs/api.md has every name of the reference page (reference page)",
  ignore: !hasReference(),
  fn: () => {
    const names = readReference();
    assert(names.length > 150, "the reference page was not understood");
    const rows = new Set(readRows().map(({ there }) => there));
    assertEquals(names.filter((name) => !rows.has(name)), []);
  },
});

const LAMINDB = `${DATA}/../reference/lamindb.MappedCollection.txt`;

/** The attributes and methods that the page of lamindb lists. */
function readLamindb(): string[] {
  const text = Deno.readTextFileSync(LAMINDB);
  const listed = text.slice(text.indexOf("\nAttributes\n"));
  const names = listed.matchAll(/^(?:static )?([a-z_]+)(?:\(.*\))?$/gm);
  return [...names].map(([, name]) => `MappedCollection.${name}`);
}

Deno.test({
  name: "docs/api.md has every name of lamindb's page (reference page)",
  ignore: !hasReference(),
  fn: () => {
    const names = readLamindb();
    assert(names.length > 7, "the reference page was not understood");
    const rows = new Set(readRows().map(({ there }) => there));
    assertEquals(names.filter((name) => !rows.has(name)), []);
  },
});
