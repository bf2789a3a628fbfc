/** docs/formats.md has a row for each format that is read or written. */
import { assert, assertEquals } from "@std/assert";
import { EXPORTERS } from "../../src/exports/registry.ts";
import { IMPORTERS } from "../../src/imports/registry.ts";
import { ROOT } from "./_tree.ts";

const TEXT = Deno.readTextFileSync(new URL("docs/formats.md", ROOT));

for (
  const [option, formats] of Object.entries({ from: IMPORTERS, to: EXPORTERS })
) {
  Deno.test(`docs/formats.md has the formats of --${option}`, () => {
    const start = TEXT.indexOf(`| \`--${option}\``);
    assert(start >= 0, "the table was not found");
    const table = TEXT.slice(start).split("\n\n")[0]!;
    const rows = [...table.matchAll(/^\| `(\w[\w-]*)`/gm)].map(([, name]) =>
      name
    );
    const names = formats.map(({ name }) => name);
    assertEquals(rows.toSorted(), names.toSorted());
  });
}
