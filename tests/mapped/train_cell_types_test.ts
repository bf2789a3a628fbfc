/** The example of docs/loader.md, which is there as it runs. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dataTest } from "../data.ts";

const DOCS = decodeURI(new URL("../../docs", import.meta.url).pathname);
const SCRIPT = `${DOCS}/examples/train_cell_types.ts`;

Deno.test("docs/loader.md has the example as it is", async () => {
  const page = await Deno.readTextFile(`${DOCS}/loader.md`);
  assertStringIncludes(page, await Deno.readTextFile(SCRIPT));
});

dataTest(
  "train_cell_types.ts learns the types of pbmc3k (real data)",
  async (data) => {
    const path = `${data}/pbmc3k/pbmc3k.h5ad`;
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: [
          "run",
          "--no-check",
          "--no-prompt",
          "-A",
          SCRIPT,
          path,
          "classified",
        ],
      },
    ).output();
    const decoder = new TextDecoder();
    assert(success, decoder.decode(stderr));
    const text = decoder.decode(stdout);
    const page = await Deno.readTextFile(`${DOCS}/loader.md`);
    assertStringIncludes(page, text);
    const [, accuracy] = text.match(/accuracy (\d\.\d+)$/m)!;
    assert(Number(accuracy) > 0.85, text);
    assertEquals(text.split("\n").length, 3);
  },
);
