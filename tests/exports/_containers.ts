/** Containers of every class, random or fixed, for tests of exports. */
import fc from "fast-check";
import { unzipSync } from "fflate";
import { decodeNpy, type NpyArray, readNpy } from "../../src/arrays/npy.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import "../../src/profiles/load.ts";
import {
  makeGenes,
  makeModelBatch,
  makeModelCollection,
  makeModelGroups,
  makeModelView,
  type Model,
} from "../profiles/model.ts";

/** Counts of shape (profiles, genes). */
export type Counts = readonly (readonly number[])[];

/** What the containers of one case are made of. */
export interface Parts {
  readonly genesCount: number;
  readonly batches: readonly Counts[];
  readonly isDense: boolean;
}

/** Small containers with large, small and no counts. */
export const PARTS: fc.Arbitrary<Parts> = fc.integer({ min: 1, max: 300 })
  .chain((genesCount) =>
    fc.record({
      genesCount: fc.constant(genesCount),
      isDense: fc.boolean(),
      batches: fc.array(
        fc.array(
          fc.array(fc.tuple(fc.nat(genesCount - 1), countArbitrary()), {
            maxLength: 8,
          }).map((entries) => {
            const row = new Array<number>(genesCount).fill(0);
            for (const [gene, count] of entries) row[gene] = count;
            return row;
          }),
          { minLength: 1, maxLength: 5 },
        ),
        { minLength: 2, maxLength: 2 },
      ),
    })
  );

function countArbitrary(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.nat(3),
    fc.nat(1000),
    fc.constantFrom(255, 256, 65_536),
  );
}

/** Makes a batch, a view, a collection of both, and groups. */
export async function makeContainers(
  folder: string,
  parts: Parts,
): Promise<Model[]> {
  const genes = await makeGenes(`${folder}/genes`, parts.genesCount);
  const { isDense } = parts;
  const [first, second] = parts.batches;
  const batch = await makeModelBatch(`${folder}/a`, genes, {
    counts: first!,
    isDense,
  });
  const other = await makeModelBatch(`${folder}/b`, genes, {
    counts: second!,
    hasData: false,
  });
  const backward = first!.map((_, at) => first!.length - 1 - at);
  const even = genesUpTo(parts.genesCount).filter((gene) => gene % 2 === 0);
  const view = await makeModelView(`${folder}/view`, batch, {
    profiles: backward,
    genes: even,
  });
  const all = await makeModelCollection(`${folder}/all`, [batch, other]);
  const small = second!.map((row) => row.map((count) => count % 1000));
  const summed = await makeModelBatch(`${folder}/c`, genes, { counts: small });
  const groups = small.map((_, at) => at % 2);
  const sums = await makeModelGroups(`${folder}/sums`, summed, groups, 2);
  return [batch, view, all, sums];
}

function genesUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, gene) => gene);
}

/** Counts of shape (profiles, genes), and the names of both. */
export interface Table {
  readonly profiles: readonly string[];
  readonly genes: readonly string[];
  readonly counts: Counts;
}

/** All that a container shows. */
export async function tableOf(profiles: Profiles): Promise<Table> {
  const { data } = await profiles.matrix("gp", "umis", "uint32");
  const { profilesCount, genes: { count } } = profiles;
  return {
    profiles: [...await profiles.profileNames()],
    genes: [...await profiles.genes.names()],
    counts: Array.from(
      { length: profilesCount },
      (_, at) => [...data.subarray(at * count, (at + 1) * count)],
    ),
  };
}

/** Imports an export again. */
export async function reimport(
  path: string,
  batch: string,
  options: { genesIn?: "rows" | "columns" } = {},
): Promise<Table> {
  await importBatch(path, batch, options);
  using profiles = await Profiles.load(batch);
  return await tableOf(profiles);
}

/** The counts of an npy file of shape (profiles, genes). */
export function npyCounts(path: string): Counts {
  const { shape, data } = readNpy(path);
  const [rows, columns] = shape as [number, number];
  return Array.from(
    { length: rows },
    (_, at) => [...data.subarray(at * columns, (at + 1) * columns)].map(Number),
  );
}

/** The counts and names of an npz file. */
export function npzTable(path: string): Table {
  const members = unzipSync(Deno.readFileSync(path));
  const array = (name: string): NpyArray =>
    decodeNpy(members[`${name}.npy`]!, name) as NpyArray;
  const [rows, columns] = [...array("shape").data].map(Number);
  const [offsets, indices, data] = ["indptr", "indices", "data"]
    .map((name) => [...array(name).data].map(Number));
  const counts = Array.from({ length: rows! }, (_, at) => {
    const row = new Array<number>(columns!).fill(0);
    for (let entry = offsets![at]!; entry < offsets![at + 1]!; entry++) {
      row[indices![entry]!] = data![entry]!;
    }
    return row;
  });
  return {
    profiles: npyTexts(members["barcodes.npy"]!),
    genes: npyTexts(members["genes.npy"]!),
    counts,
  };
}

function npyTexts(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = 10 + view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, start));
  const [, width, count] = /'<U(\d+)'.*'shape': \((\d+),\)/.exec(header)!
    .map(Number);
  return Array.from({ length: count! }, (_, row) => {
    const codes = Array.from(
      { length: width! },
      (_, at) => view.getUint32(start + 4 * (row * width! + at), true),
    );
    return String.fromCodePoint(...codes.filter((code) => code !== 0));
  });
}
