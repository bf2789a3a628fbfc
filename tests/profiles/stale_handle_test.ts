import { assertEquals, assertRejects } from "@std/assert";
import { categorize } from "../../src/arrays/data_array.ts";
import { ProfilesMetadata } from "../../src/profiles/profiles_metadata.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { withTempFolder } from "../helpers.ts";
import { makeGenes, makeModelBatch } from "./model.ts";

const COUNTS = [[1, 0, 2], [0, 3, 0]];
const STAGE = { ...categorize(["late", "early"]), ordered: true };

Deno.test("Profiles.write() keeps what another handle wrote of metadata", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    await makeModelBatch(`${folder}/batch`, genes, { counts: COUNTS });
    using first = await Profiles.load(`${folder}/batch`);
    using second = await Profiles.load(`${folder}/batch`);
    second.metadata.dump(undefined, { note: "kept" });
    await second.write("p", "stage", STAGE);
    await first.write("p", "grade", STAGE);
    const { yamlPath } = first.metadata;
    const now = ProfilesMetadata.load(yamlPath);
    assertEquals(now.ordered, ["p.stage", "p.grade"]);
    assertEquals(now.value("note"), "kept");
    assertEquals(first.metadata.ordered, now.ordered);
    await second.write("p", "grade", ["x", "y"]);
    assertEquals(ProfilesMetadata.load(yamlPath).ordered, ["p.stage"]);
  }));

Deno.test("Profiles.write() refuses a container that was replaced", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    const path = `${folder}/batch`;
    const parts = { hasData: false };
    await makeModelBatch(path, genes, { counts: COUNTS, ...parts });
    using stale = await Profiles.load(path);
    await makeModelBatch(path, genes, { counts: [[7, 7, 7]], ...parts });
    const text = Deno.readTextFileSync(`${path}/profiles.yaml`);
    const shape = [3, 2];
    const matrix = { dtype: "int8", shape, data: new Int8Array(6) } as const;
    const writes = [
      () => stale.write("p", "stage", STAGE),
      () => stale.write("p", "tag", ["a", "b"]),
      () => stale.write("gp", "fold", matrix),
    ];
    const before = [...Deno.readDirSync(path)].length;
    for (const write of writes) {
      await assertRejects(write, Error, "it changed since it was opened");
    }
    assertEquals(Deno.readTextFileSync(`${path}/profiles.yaml`), text);
    assertEquals([...Deno.readDirSync(path)].length, before);
  }));
