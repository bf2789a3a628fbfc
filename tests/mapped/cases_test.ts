/** The cases, over files that are at hand and over those that anndata writes. */
import { pythonTest } from "../exports/_python.ts";
import { withTempFolder } from "../helpers.ts";
import { CASES } from "./_cases.ts";
import { FIXTURES } from "./_collections.ts";

for (const [what, run] of Object.entries(CASES)) {
  Deno.test(`MappedCollection ${what}`, () => run(FIXTURES));
}

pythonTest(
  "MappedCollection does all that over new files (anndata)",
  () =>
    withTempFolder(async (folder) => {
      const script = `${FIXTURES}/make_fixtures.py`;
      const { stderr, success } = await new Deno.Command("/usr/bin/python3", {
        args: [script, folder],
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
      for (const run of Object.values(CASES)) await run(folder);
    }),
);
