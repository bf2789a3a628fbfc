import {
  areGeneIds,
  findGenesAxis,
  type GenesAxis,
} from "./dense_table_axes.ts";
import { isTableFile } from "./dense_table_file.ts";
import { readTableLayout, type TableLayout } from "./dense_table_layout.ts";
import { axisNames, checkNames } from "./dense_table_names.ts";
import { readTableBlocks } from "./dense_table_source.ts";
import type { Importer, ImportSource, SourceOptions } from "../importer.ts";

/**
 * Reads a dense table of counts, plain or gzip: comma, tab, semicolon, bar or
 * blank between the fields, or what the option names; names in the first line
 * and the first column, in quotes or not; the header with a field above the
 * names of the rows, empty or not, or without one, as R's `write.table` writes
 * it. Comments at the top and a separator at the end of all lines are left
 * out. Names that are all ids of genes are their ids too.
 *
 * Genes are in rows or in columns, as the option says, else as the names tell.
 */
export const DENSE_TABLE: Importer = {
  name: "table",
  summary: "a dense CSV or TSV of counts, plain or gzip",
  takes: ["genesIn", "separator"],
  probe: isTableFile,
  open: openDenseTable,
};

async function openDenseTable(
  path: string,
  options: SourceOptions,
): Promise<ImportSource> {
  const layout = await readTableLayout(path, options.separator);
  const { genesIn, why } = chooseAxis(layout, options.genesIn, path);
  const genes = axisNames(layout, genesIn);
  const cells = axisNames(layout, genesIn === "rows" ? "columns" : "rows");
  checkNames(genes, "gene", path);
  checkNames(cells, "cell", path);
  const { names } = genes;
  const { bucketEntries } = options;
  return {
    format: "dense table",
    path,
    genes: { names, columns: {}, ...areGeneIds(names) && { ids: names } },
    profiles: { count: cells.names.length, barcodes: cells.names, columns: {} },
    notes: why === "" ? [] : [`Its genes are in ${genesIn}: ${why}`],
    blocks: (blocks) =>
      readTableBlocks(path, layout, { genesIn, bucketEntries, blocks }),
  };
}

function chooseAxis(
  layout: TableLayout,
  genesIn: "rows" | "columns" | undefined,
  path: string,
): GenesAxis {
  if (genesIn !== undefined) return { genesIn, why: "" };
  const axis = findGenesAxis(layout);
  if (axis !== undefined) return axis;
  throw new Error(
    `Cannot import ${path}: its names do not tell whether its genes are in ` +
      "rows or in columns: `genesIn` rows or `genesIn` columns does",
  );
}
