/** The importer for the multi-lane standard format. */
import { countOf } from "../../io/plural.ts";
import { DirFormat } from "./dir_format.ts";
import { chooseFeatures, type FeatureTable } from "../feature_table.ts";
import { lineError } from "../import_error.ts";
import type {
  BlocksOptions,
  Importer,
  ImportSource,
  SourceOptions,
  SourceProfiles,
} from "../importer.ts";
import type { MtxHeader } from "../mtx/mtx_header.ts";
import { MtxReader } from "../mtx/mtx_reader.ts";
import { MtxSource } from "../mtx/mtx_source.ts";
import { StandardColumns } from "./standard_columns.ts";
import {
  findStandardFiles,
  isStandardFolder,
  type StandardFiles,
} from "./standard_files.ts";
import { ProfileFields } from "./standard_profiles.ts";
import { readStandardTable } from "./standard_table.ts";

/**
 * Reads folders in the multi-lane standard format: all lanes as they are, or
 * one lane that was split off. Fields of its tables become `p.*` and `g.*`.
 */
export const STANDARD_FORMAT: Importer = {
  name: "standard",
  summary: "a multi-lane folder: format.yaml, genes.csv, profiles.csv and " +
    "umis.mtx",
  takes: ["features"],
  probe: isStandardFolder,
  open: openFolder,
};

async function openFolder(
  path: string,
  options: SourceOptions,
): Promise<ImportSource> {
  const files = findStandardFiles(path, "import");
  const format = new DirFormat(files.format);
  const reader = new MtxReader(files.umis);
  try {
    return await openFiles(path, { files, format, reader, options });
  } catch (error) {
    await reader.close();
    throw error;
  }
}

interface OpenedFiles {
  readonly files: StandardFiles;
  readonly format: DirFormat;
  readonly reader: MtxReader;
  readonly options: SourceOptions;
}

async function openFiles(
  path: string,
  { files, format, reader, options }: OpenedFiles,
): Promise<ImportSource> {
  const { genes, notes } = await readGenes(files, format, options.features);
  const { profiles, lanesCount } = await readProfiles(files, format);
  const sizes = {
    genesCount: genes.names.length,
    profilesCount: profiles.count,
  };
  checkSizes(files, await reader.readHeader(), sizes);
  const { bucketEntries } = options;
  const matrix = new MtxSource(files.umis, reader, {
    ...sizes,
    genesIn: "rows",
    bucketEntries,
  });
  const several = `It has ${lanesCount} lanes: \`delane\` splits them`;
  return {
    format: "multi-lane folder",
    path,
    genes,
    profiles,
    notes: lanesCount > 1 ? [...notes, several] : notes,
    blocks: (blocks: BlocksOptions) => matrix.blocks(blocks),
    close: () => matrix.close(),
  };
}

/** What was read of the table of genes. */
async function readGenes(
  files: StandardFiles,
  format: DirFormat,
  features: string | undefined,
): Promise<FeatureTable> {
  const { genes: path } = files;
  const names: string[] = [];
  const ids: string[] = [];
  const types: string[] = [];
  let columns: StandardColumns | undefined;
  let hasIds = false;
  await readStandardTable(path, format.genes, (fields) => {
    const nameAt = fields.take("name", "id");
    const idAt = fields.find("id");
    const typeAt = fields.find("feature_type");
    const taken = new StandardColumns(fields, [nameAt, idAt, typeAt]);
    columns = taken;
    hasIds = idAt >= 0;
    return (values, line) => {
      const id = values[idAt] ?? "";
      const name = values[nameAt] || id;
      if (name === "") throw lineError(path, line, "the name is empty");
      names.push(name);
      ids.push(id);
      types.push(values[typeAt] ?? "");
      taken.add(values);
    };
  });
  const arrays = columns?.arrays("g", format.genes);
  const table = { names, ids, types };
  const { genes, notes } = chooseFeatures(table, { path, features });
  const { ids: _, ...nameless } = genes;
  return {
    genes: {
      ...(hasIds ? genes : nameless),
      columns: { ...genes.columns, ...arrays },
    },
    notes,
  };
}

async function readProfiles(
  files: StandardFiles,
  format: DirFormat,
): Promise<{ profiles: SourceProfiles; lanesCount: number }> {
  const barcodes: string[] = [];
  let known: ProfileFields | undefined;
  let columns: StandardColumns | undefined;
  const { profiles: path } = files;
  const count = await readStandardTable(path, format.profiles, (fields) => {
    const { barcodeAt } = known = new ProfileFields(fields);
    const checked = known;
    const taken = columns = new StandardColumns(fields, [barcodeAt]);
    return (values, line) => {
      checked.check(values, line);
      if (barcodeAt >= 0) barcodes.push(values[barcodeAt]!);
      taken.add(values);
    };
  });
  const hasBarcodes = barcodes.length > 0;
  return {
    profiles: {
      count,
      columns: columns?.arrays("p", format.profiles) ?? {},
      ...(hasBarcodes && { barcodes }),
    },
    lanesCount: known?.lanesCount ?? 0,
  };
}

/**
 * Checks that the tables bear out the sizes that the header of the counts
 * claims.
 *
 * @param files The files, for messages.
 * @param header The header.
 * @param sizes What the tables have.
 * @throws {SyntaxError} If the header claims something else; with its line.
 */
export function checkSizes(
  files: StandardFiles,
  header: MtxHeader,
  sizes: { readonly genesCount: number; readonly profilesCount: number },
): void {
  const { rowsCount, columnsCount, line } = header;
  const { genesCount, profilesCount } = sizes;
  if (rowsCount === genesCount && columnsCount === profilesCount) return;
  const why = `the matrix has ${countOf(rowsCount, "row")} and ` +
    `${countOf(columnsCount, "column")}, ` +
    `but ${files.genes} has ` +
    `${countOf(genesCount, "gene")} and ${files.profiles} has ` +
    countOf(profilesCount, "profile");
  throw lineError(files.umis, line, why);
}
