import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { Genes } from "../../src/genes/genes.ts";
import { GenesSet } from "../../src/genes/genes_set.ts";
import { writeGenesSet } from "../../src/imports/batch_files.ts";
import { createGenesSet } from "../../src/imports/create_genes.ts";
import { matchGenes } from "../../src/imports/gene_match.ts";
import {
  type DuplicateGenes,
  nameGenes,
} from "../../src/imports/gene_names.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import type { SourceGenes } from "../../src/imports/importer.ts";
import { joinGenes, type JoinKind } from "../../src/imports/join_genes.ts";
import { withTempFolder } from "../helpers.ts";

const ONE = "CELL_1,CELL_2\nActb,1,2\nCd3d,3,4\nCd3d,5,6\n";
const TWO = "CELL_1,CELL_2\nCD3D,7,8\nLyz,9,10\n";

Deno.test("createGenesSet() makes a union that all import onto", async () => {
  await withTables([ONE, TWO], async (folder, paths) => {
    const summary = await createGenesSet(paths, `${folder}/genes`);
    const genes = await loadSet(`${folder}/genes`);
    assertEquals(await genes.names(), ["ACTB", "CD3D", "CD3D-1", "LYZ"]);
    assertEquals(await genes.availableData(), ["name"]);
    const notes = [
      "Its genes are in rows: the names of its columns are those of cells",
    ];
    assertEquals(summary, {
      path: `${folder}/genes`,
      uuid: genes.uuid,
      organism: "unknown",
      join: "union",
      matchedBy: "names",
      sources: [
        {
          path: paths[0]!,
          format: "dense table",
          genesCount: 3,
          includedCount: 3,
          notes,
        },
        {
          path: paths[1]!,
          format: "dense table",
          genesCount: 2,
          includedCount: 2,
          notes,
        },
      ],
      commonCount: 1,
      genesCount: 4,
    });
    const totals: number[] = [];
    for (const [at, path] of paths.entries()) {
      const batch = await importBatch(path, `${folder}/batch${at}`, {
        genesSet: genes,
      });
      totals.push(batch.totalUmis);
    }
    assertEquals(totals, [21, 34]);
  });
});

Deno.test("createGenesSet() makes an intersection", async () => {
  await withTables([ONE, TWO], async (folder, paths) => {
    const path = `${folder}/genes`;
    const join = "intersection";
    const summary = await createGenesSet(paths, path, { join });
    assertEquals(summary.sources.map((source) => source.includedCount), [1, 1]);
    const genesSet = await loadSet(path);
    assertEquals(await genesSet.names(), ["CD3D"]);
    const batch = await importBatch(paths[0]!, `${folder}/batch`, {
      genesSet,
      allowMissingGenes: true,
    });
    assertEquals([batch.totalUmis, batch.missingUmis], [7, 14]);
  });
});

Deno.test("createGenesSet() matches ids, and keeps them and the organism", async () => {
  const one = "CELL_1\nENSG00000000003,1\nENSG00000000005,2\n";
  await withTables([one], async (folder, paths) => {
    const tenx = `${folder}/tenx`;
    Deno.mkdirSync(tenx);
    Deno.writeTextFileSync(
      `${tenx}/genes.tsv`,
      "ENSG00000000005\tTNMD\nENSG00000000419\tDPM1\n",
    );
    Deno.writeTextFileSync(`${tenx}/barcodes.tsv`, "AAAC-1\n");
    Deno.writeTextFileSync(
      `${tenx}/matrix.mtx`,
      "%%MatrixMarket matrix coordinate integer general\n2 1 1\n1 1 7\n",
    );
    const path = `${folder}/genes`;
    const summary = await createGenesSet([...paths, tenx], path);
    assertEquals(summary.matchedBy, "ids");
    assertEquals(summary.organism, "human");
    const genes = await loadSet(path);
    assertEquals(await genes.names(), ["DPM1", "ENSG00000000003", "TNMD"]);
    assertEquals(await genes.array("id", "string"), [
      "ENSG00000000419",
      "ENSG00000000003",
      "ENSG00000000005",
    ]);
    for (const [at, source] of [...paths, tenx].entries()) {
      const options = { genesSet: genes };
      const batch = await importBatch(source, `${folder}/b${at}`, options);
      assertEquals(batch.missingRows, 0);
    }
  });
});

Deno.test("createGenesSet() adds repeats up where it is told to", async () => {
  await withTables([ONE], async (folder, paths) => {
    const options = { duplicateGenes: "sum" } as const;
    await createGenesSet(paths, `${folder}/genes`, options);
    const genesSet = await loadSet(`${folder}/genes`);
    assertEquals(await genesSet.names(), ["ACTB", "CD3D"]);
    const batch = await importBatch(paths[0]!, `${folder}/batch`, {
      ...options,
      genesSet,
    });
    assertEquals(batch.totalUmis, 21);
  });
});

Deno.test("createGenesSet() says why it can't, and leaves nothing", async (step) => {
  const human = "CELL_1\nENSG00000000003,1\n";
  const mouse = "CELL_1\nENSMUSG00000000001,1\n";
  const cases: Record<string, {
    tables: string[];
    options?: Parameters<typeof createGenesSet>[2];
    why: string;
  }> = {
    "no source": { tables: [], why: "there are no sources" },
    "nothing in common": {
      tables: [ONE, "CELL_1\nLyz,1\n"],
      options: { join: "intersection" },
      why: "no gene is in all 2 sources, matched by their names",
    },
    "two organisms": {
      tables: [human, mouse],
      why: "it is of mouse, and the set of human",
    },
    "another organism": {
      tables: [human],
      options: { organism: "mouse" },
      why: "it is of human, and the set of mouse",
    },
    "repeats that are errors": {
      tables: [ONE],
      options: { duplicateGenes: "error" },
      why: "1 name repeats: CD3D",
    },
    "an unknown format": {
      tables: [ONE],
      options: { from: "xls" },
      why: "there is no format xls",
    },
    "a table that is wrong": { tables: ["a\n,1\n"], why: "line 2" },
  };
  for (const [name, { tables, options, why }] of Object.entries(cases)) {
    await step.step(name, () =>
      withTables(tables, async (folder, paths) => {
        const error = await assertRejects(() =>
          createGenesSet(paths, `${folder}/genes`, {
            genesIn: "rows",
            ...options,
          })
        );
        assertInstanceOf(error, Error);
        assertStringIncludes(error.message, why);
        assertEquals([...Deno.readDirSync(folder)].length, tables.length);
      }));
  }
});

Deno.test("createGenesSet() replaces a genes set alone, if told to", async () => {
  await withTables([ONE, TWO], async (folder, paths) => {
    const path = `${folder}/genes`;
    const force = true;
    await createGenesSet([paths[0]!], path);
    await assertRejects(
      () => createGenesSet([paths[1]!], path),
      Error,
      `Cannot write ${path}: it exists already`,
    );
    assertEquals(
      (await createGenesSet([paths[1]!], path, { force })).genesCount,
      2,
    );
    await importBatch(paths[0]!, `${folder}/batch`);
    for (const other of [`${folder}/batch`, paths[0]!]) {
      const from = [paths[1]!];
      await assertRejects(
        () => createGenesSet(from, other, { force }),
        Error,
        "Cannot replace",
      );
    }
    for (const other of [folder, paths[0]!, `${paths[0]}/genes`]) {
      await assertRejects(
        () => createGenesSet([paths[0]!], other, { force }),
        Error,
        "one of them is inside the other",
      );
    }
  });
});

const rows = fc.array(
  fc.record({
    name: fc.constantFrom("a", "A", "b", "A-1", "c"),
    id: fc.constantFrom("id1", "id2", "id3", "id4", "id5", "id6", ""),
  }),
  { minLength: 1, maxLength: 6 },
);

const sources = fc.array(fc.tuple(rows, fc.boolean()), {
  minLength: 1,
  maxLength: 3,
});

Deno.test("matchGenes() finds all genes of the sources of a set", async () => {
  await fc.assert(
    fc.asyncProperty(
      sources,
      fc.constantFrom<JoinKind[]>("union", "intersection"),
      fc.constantFrom<DuplicateGenes[]>("suffix", "sum"),
      async (drawn, kind, duplicates) => {
        const genes = drawn.map(([rows, hasIds]): SourceGenes => ({
          names: rows.map(({ name }) => name),
          columns: {},
          ...hasIds && { ids: rows.map(({ id }) => id) },
        }));
        const options = { duplicates };
        const joined = joinGenes(genes, { duplicates, join: kind });
        await withTempFolder(async (folder) => {
          const named = nameGenes(joined.genes, options);
          const set = await writeGenesSet(folder, joined.genes, {
            named,
            organism: "unknown",
          });
          for (const [at, source] of genes.entries()) {
            const { sourceIndex } = await matchGenes(source, set, options);
            const found = [...sourceIndex].filter((gene) => gene >= 0);
            const { includedCount } = joined.sources[at]!;
            assertEquals(new Set(found).size, includedCount);
            if (duplicates === "suffix") {
              assertEquals(found.length, includedCount);
            }
          }
        });
      },
    ),
    { numRuns: 200 },
  );
});

async function loadSet(path: string): Promise<GenesSet> {
  const genes = await Genes.load(path);
  assertInstanceOf(genes, GenesSet);
  return genes;
}

/** Runs a function with tables in files of a new folder. */
function withTables(
  tables: readonly string[],
  run: (folder: string, paths: string[]) => Promise<void>,
): Promise<void> {
  return withTempFolder(async (folder) => {
    const paths = tables.map((_, at) => `${folder}/table${at}.csv`);
    tables.forEach((text, at) => Deno.writeTextFileSync(paths[at]!, text));
    await run(folder, paths);
  });
}
