import { buildFolderAtomically, checkReplaceable } from "../io/atomic.ts";
import { isContainerFolder } from "../profiles/container_folder.ts";
import { checkImport, type ImportOptions } from "./import_options.ts";
import { importSource } from "./import_source.ts";
import type { ImportSummary } from "./import_summary.ts";
import { openSource } from "./open_source.ts";
import { findImporter } from "./registry.ts";
import { checkSourceOptions } from "./source_options.ts";

export type { ImportOptions };

/**
 * Imports a source as a new batch. It is built beside its place and moved
 * there when it is whole; whatever goes wrong, nothing is left of it.
 *
 * With `splitLanes` it becomes a collection of a batch a lane, and without it
 * one of parts where its counts are more than a matrix file can hold.
 * {@linkcode importCollection} imports several sources at once.
 *
 * @param source The path of the source.
 * @param destination The path of the container.
 * @param options How to import.
 * @returns What was written, and what was not.
 * @throws {TypeError} If an option means nothing to the format of the source.
 * @throws {Error} If nothing knows the source, something is wrong with it, or
 * something is at the destination that may not be replaced.
 *
 * @example Import a 10x folder
 * ```ts
 * import { importBatch, Profiles } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const source = `${folder}/tenx`;
 * await Deno.mkdir(source);
 * await Deno.writeTextFile(`${source}/genes.tsv`, "ENSG1\tCD3D\nENSG2\tLYZ\n");
 * await Deno.writeTextFile(`${source}/barcodes.tsv`, "AAAC-1\nAAAG-1\n");
 * await Deno.writeTextFile(
 *   `${source}/matrix.mtx`,
 *   "%%MatrixMarket matrix coordinate integer general\n" +
 *     "2 2 3\n2 1 7\n1 1 1\n2 2 300\n",
 * );
 *
 * const { entriesCount } = await importBatch(source, `${folder}/cells`);
 * assertEquals(entriesCount, 3);
 *
 * using cells = await Profiles.load(`${folder}/cells`);
 * assertEquals([...await cells.totalUmis("p")], [8, 300]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function importBatch(
  source: string,
  destination: string,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const replacement = {
    force: options.force ?? false,
    isReplaceable: isContainerFolder,
  };
  checkImport([source], destination, options);
  const importer = await findImporter(source, options.from);
  checkSourceOptions([{ path: source, importer }], options);
  checkReplaceable(destination, replacement);
  const opened = await openSource(importer, source, options);
  try {
    return await buildFolderAtomically(
      destination,
      replacement,
      async (folder) => ({
        ...await importSource(opened, folder, options),
        path: destination,
      }),
    );
  } finally {
    await opened.close?.();
  }
}
