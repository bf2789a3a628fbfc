import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemorySource } from "../../src/io/memory_source.ts";
import { MemoryMappedMatrix } from "../../src/matrix/memory_mapped_matrix.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import { ProfilesGroups } from "../../src/profiles/profiles_groups.ts";
import { withTempFolder } from "../helpers.ts";
import { makeGenes, makeModelBatch, makeModelGroups } from "./model.ts";

const COUNTS = [[1, 0, 2], [0, 3, 0]];

Deno.test("ProfilesGroups.groupedProfiles() tries again after a failure", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    const counts = { counts: COUNTS };
    const batch = await makeModelBatch(`${folder}/batch`, genes, counts);
    await makeModelGroups(`${folder}/groups`, batch, [0, 0], 1);
    using groups = await Profiles.load(`${folder}/groups`);
    assert(groups instanceof ProfilesGroups);
    Deno.renameSync(`${folder}/batch`, `${folder}/away`);
    await assertRejects(() => groups.groupedProfiles(), Error, "is missing");
    Deno.renameSync(`${folder}/away`, `${folder}/batch`);
    const grouped = await groups.groupedProfiles();
    assertEquals(grouped.profilesCount, 2);
    assertEquals(await groups.groupedProfiles(), grouped);
  }));

Deno.test("ProfilesBatch.rawMatrix() tries again after a failure", () =>
  withTempFolder(async (folder) => {
    const genes = await makeGenes(`${folder}/genes`, 3);
    await makeModelBatch(`${folder}/batch`, genes, { counts: COUNTS });
    using batch = await Profiles.load(`${folder}/batch`, genes, {
      cache: false,
    });
    const matrixPath = `${folder}/batch/gp.umis.mmm`;
    Deno.renameSync(matrixPath, `${folder}/away`);
    await assertRejects(() => batch.totalUmis("p"), Error);
    Deno.renameSync(`${folder}/away`, matrixPath);
    assertEquals([...await batch.totalUmis("p")], [3, 3]);
  }));

/** A source whose reads fail when it is told so. */
class FailingSource extends MemorySource {
  isFailing = false;

  override read(offset: number, target: Uint8Array): void {
    this.#check();
    super.read(offset, target);
  }

  override view(offset: number, length: number): Uint8Array {
    this.#check();
    return super.view(offset, length);
  }

  #check(): void {
    if (this.isFailing) throw new Error("Cannot read: the disk is away");
  }
}

Deno.test("MemoryMappedMatrix.index() tries again after a failure", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/gp.umis.mmm`;
    MemoryMappedMatrix.write(path, 3, [[[0, 1]], [[2, 5]]]);
    const source = new FailingSource(Deno.readFileSync(path));
    using matrix = await MemoryMappedMatrix.open(source);
    source.isFailing = true;
    await assertRejects(() => matrix.index(), Error, "the disk is away");
    source.isFailing = false;
    const { counts } = await matrix.readProfile(1);
    assertEquals([...counts], [5]);
  }));
