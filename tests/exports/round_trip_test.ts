import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type ExportOptions,
  exportProfiles,
} from "../../src/exports/export_profiles.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import type { Model } from "../profiles/model.ts";
import { withTempFolder } from "../helpers.ts";
import {
  makeContainers,
  npyCounts,
  npzTable,
  PARTS,
  reimport,
  type Table,
  tableOf,
} from "./_containers.ts";

/** How each format is read back, without any program of others. */
const FORMATS: readonly {
  readonly name: string;
  readonly options: ExportOptions;
  read(path: string, expected: Table): Table | Promise<Table>;
}[] = [
  { name: "out", options: {}, read: (path) => reimport(path, `${path}.batch`) },
  {
    name: "rows.csv",
    options: {},
    read: (path) => reimport(path, `${path}.batch`, { genesIn: "rows" }),
  },
  {
    name: "columns.csv",
    options: { genesIn: "columns" },
    read: (path) => reimport(path, `${path}.batch`, { genesIn: "columns" }),
  },
  {
    name: "out.h5",
    options: {},
    read: (path) => reimport(path, `${path}.batch`),
  },
  {
    name: "out.h5ad",
    options: {},
    read: (path) => reimport(path, `${path}.batch`),
  },
  { name: "out.npz", options: {}, read: npzTable },
  {
    name: "out.npy",
    options: {},
    read: (path, { genes, profiles }) => ({
      genes,
      profiles,
      counts: npyCounts(path),
    }),
  },
];

Deno.test("exportProfiles() gives all that containers show", () =>
  fc.assert(
    fc.asyncProperty(PARTS, (parts) =>
      withTempFolder(async (folder) => {
        const models = await makeContainers(folder, parts);
        for (const [at, model] of models.entries()) {
          const exports = `${folder}/exports-${at}`;
          Deno.mkdirSync(exports);
          for (const { name, ...format } of FORMATS) {
            await checkExport(model, `${exports}/${name}`, format);
          }
        }
      })),
    { numRuns: 6 },
  ));

async function checkExport(
  model: Model,
  path: string,
  { options, read }: Pick<typeof FORMATS[number], "options" | "read">,
): Promise<void> {
  using profiles = await Profiles.load(model.path);
  const expected = await tableOf(profiles);
  assertEquals(expected.counts, model.counts);
  await exportProfiles(profiles, path, options);
  assertEquals(await read(path, expected), expected);
}
