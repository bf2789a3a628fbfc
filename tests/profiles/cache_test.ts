import { assert, assertEquals } from "@std/assert";
import { Profiles } from "../../src/profiles/profiles.ts";
import { withTempFolder } from "../helpers.ts";
import {
  makeGenes,
  makeModelBatch,
  makeModelCollection,
  makeModelView,
} from "./model.ts";

const LOAD = import.meta.resolve("../../src/profiles/load.ts");
const PROFILES = import.meta.resolve("../../src/profiles/profiles.ts");

/** Totals many times over, without and with the cache that another writes. */
const PROGRAM = `
import "${LOAD}";
import { Profiles } from "${PROFILES}";
for (let run = 0; run < 20; run++) {
  using view = await Profiles.load(Deno.args[0]);
  const { path, uuid } = view.metadata;
  const totals = [await view.totalUmis("p"), await view.totalUmis("g")];
  const text = totals.map((each) => each.join()).join(" ");
  if (text !== Deno.args[1]) throw new Error(text);
  try {
    Deno.removeSync(path + "/cache/" + uuid + "/p.total_umis.npy");
  } catch {
    // the other process was faster
  }
}`;

async function makeView(folder: string): Promise<string> {
  const genes = await makeGenes(`${folder}/genes`, 3);
  const counts = [[1, 0, 2], [0, 3, 0]];
  const batch = await makeModelBatch(`${folder}/batch`, genes, { counts });
  const all = await makeModelCollection(`${folder}/all`, [batch]);
  const view = await makeModelView(`${folder}/view`, all, { genes: [1, 2] });
  return view.path;
}

Deno.test("Profiles.totalUmis() is right where two processes cache it", () =>
  withTempFolder(async (folder) => {
    const path = await makeView(folder);
    const program = `${folder}/program.ts`;
    Deno.writeTextFileSync(program, PROGRAM);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const args = ["run", "-A", "--no-check", `--config=${config}`, program];
    const runs = [1, 2].map(() =>
      new Deno.Command(Deno.execPath(), { args: [...args, path, "2,3 3,2"] })
        .output()
    );
    for (const { success, stderr } of await Promise.all(runs)) {
      assert(success, new TextDecoder().decode(stderr));
    }
  }));

Deno.test("Profiles.totalUmis() of a view caches in the view alone", () =>
  withTempFolder(async (folder) => {
    const path = await makeView(folder);
    using view = await Profiles.load(path);
    await view.totalUmis("p");
    assertEquals(await view.entriesCount(), 2);
    const files = [...Deno.readDirSync(`${path}/cache/${view.metadata.uuid}`)];
    const names = files.map(({ name }) => name).sort();
    assertEquals(names, ["entries_count.npy", "p.total_umis.npy"]);
    for (const other of ["all", "batch"]) {
      const listed = [...Deno.readDirSync(`${folder}/${other}`)];
      assert(!listed.some(({ name }) => name === "cache"));
    }
  }));
