import fc from "fast-check";
import type { Genes } from "../../src/genes/genes.ts";
import { withTempFolder } from "../helpers.ts";
import { CONTAINERS } from "./containers.ts";
import { checkHandling, checkReading, checkWriting } from "./conformance.ts";
import {
  makeGenes,
  makeModelBatch,
  makeModelCollection,
  makeModelGroups,
  makeModelView,
  type Model,
} from "./model.ts";

for (const [name, make] of Object.entries(CONTAINERS)) {
  Deno.test(`Profiles conforms as ${name}`, async (t) => {
    await withTempFolder(async (folder) => {
      const genes = await makeGenes(`${folder}/genes`, 5);
      const model = await make(folder, genes);
      await t.step("reading", () => checkReading(model));
      await t.step("writing", () => checkWriting(model));
      await t.step("handling", () => checkHandling(model));
    });
  });
}

type Generate = fc.GeneratorValue;

/** A tree of containers that shows the given genes. */
async function makeTree(
  generate: Generate,
  path: string,
  wanted: {
    readonly full: Genes;
    readonly visible: readonly number[];
    readonly depth: number;
    readonly groupings: number;
  },
): Promise<Model> {
  const { full, visible, depth, groupings } = wanted;
  const below = { ...wanted, depth: depth - 1 };
  const isWhole = visible.length === full.count;
  const choices = [
    ...isWhole && groupings === 0 ? ["batch"] : [],
    ...depth > 0 || !isWhole ? ["view"] : [],
    ...depth > 0 ? ["collection", "links"] : [],
    ...groupings > 0 ? ["groups"] : [],
  ];
  const choice = choices[generate(fc.nat, choices.length - 1)]!;
  if (choice === "batch") return await makeAnyBatch(generate, path, full);
  if (choice === "view") {
    const all = Array.from({ length: full.count }, (_, gene) => gene);
    const others = depth > 0 ? generate(fc.subarray<number>, all) : all;
    const ofBase = [...new Set([...others, ...visible])].sort((a, b) => a - b);
    const base = await makeTree(generate, `${path}_base`, {
      ...below,
      visible: ofBase,
    });
    const places = base.counts.map((_, at) => at);
    const genes = visible.map((gene) => ofBase.indexOf(gene));
    const isLink = genes.length === ofBase.length && generate(fc.boolean);
    return await makeModelView(path, base, {
      profiles: isLink
        ? undefined
        : generate(fc.shuffledSubarray<number>, places),
      genes: genes.length === ofBase.length ? undefined : genes,
    });
  }
  if (choice === "groups") {
    const grouped = await makeTree(generate, `${path}_grouped`, {
      ...below,
      groupings: groupings - 1,
    });
    const count = generate(fc.integer, { min: 0, max: 4 });
    const groups = grouped.counts.map(() =>
      generate(fc.integer, { min: -1, max: count - 1 })
    );
    return await makeModelGroups(path, grouped, groups, count);
  }
  const members: Model[] = [];
  const count = generate(fc.integer, { min: 1, max: 3 });
  for (let at = 0; at < count; at++) {
    const inside = choice === "collection"
      ? `${path}/m${at}`
      : `${path}_m${at}`;
    members.push(await makeTree(generate, inside, below));
  }
  return await makeModelCollection(path, members);
}

async function makeAnyBatch(
  generate: Generate,
  path: string,
  full: Genes,
): Promise<Model> {
  const count = fc.oneof(fc.constant(0), fc.nat(3), fc.nat(70_000));
  const row = fc.array(count, { minLength: full.count, maxLength: full.count });
  return await makeModelBatch(path, full, {
    counts: generate(fc.array<number[]>, row, { maxLength: 6 }),
    hasBarcodes: generate(fc.boolean),
    isDense: generate(fc.boolean),
    hasData: generate(fc.boolean),
  });
}

Deno.test("Profiles equals dense arithmetic for any tree of containers", async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (generate) => {
      await withTempFolder(async (folder) => {
        const count = generate(fc.integer, { min: 1, max: 12 });
        const full = await makeGenes(`${folder}/genes`, count);
        const all = Array.from({ length: count }, (_, gene) => gene);
        const model = await makeTree(generate, `${folder}/tree`, {
          full,
          visible: generate(fc.subarray<number>, all),
          depth: generate(fc.integer, { min: 0, max: 3 }),
          groupings: generate(fc.integer, { min: 0, max: 2 }),
        });
        await checkReading(model);
        await checkHandling(model);
      });
    }),
    { numRuns: 40 },
  );
});
