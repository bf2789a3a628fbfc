import { gzipSync } from "node:zlib";
import {
  importBatch,
  type ImportOptions,
} from "../../src/imports/import_batch.ts";
import type { ImportSummary } from "../../src/imports/import_summary.ts";
import { Profiles } from "../../src/profiles/profiles.ts";
import "../../src/profiles/load.ts";
import { withTempFolder } from "../helpers.ts";

/** The files of a folder: texts, or bytes as they are. */
export type FolderFiles = Readonly<Record<string, string | Uint8Array>>;

/** What an import made. */
export interface Imported {
  /** What it says itself. */
  readonly summary: ImportSummary;
  /** The names of the genes. */
  readonly genes: readonly string[];
  /** The names of the profiles. */
  readonly profiles: readonly string[];
  /** The counts, a profile after the other, by gene. */
  readonly counts: readonly (readonly number[])[];
  /** The total of each gene by its name. */
  readonly totals: Readonly<Record<string, number>>;
}

/** Three genes and three cells, to be imported as they are. */
export const SMALL: FolderFiles = {
  "genes.tsv": "ENSG00000000003\tb\nENSG00000000001\tA\nENSG00000000002\tc\n",
  "barcodes.tsv": "AAAC-1\nAAAG-1\nAAAT-1\n",
  "matrix.mtx": mtx(3, 3, ["2 1 2", "1 1 5", "3 3 300"]),
};

/**
 * Writes the text of a matrix file.
 *
 * @param rows The number of rows.
 * @param columns The number of columns.
 * @param entries The lines of the entries.
 * @returns The text.
 */
export function mtx(
  rows: number,
  columns: number,
  entries: readonly string[],
): string {
  const sizes = `${rows} ${columns} ${entries.length}`;
  const banner = "%%MatrixMarket matrix coordinate integer general";
  return [banner, "%", sizes, ...entries, ""].join("\n");
}

/**
 * Writes files, those that end in `.gz` compressed unless they are bytes.
 *
 * @param folder The folder, which is made.
 * @param files The files.
 */
export function writeFiles(folder: string, files: FolderFiles): void {
  for (const [name, content] of Object.entries(files)) {
    const path = `${folder}/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    const isText = typeof content === "string";
    const packed = isText && name.endsWith(".gz") ? gzipSync(bytes) : bytes;
    Deno.writeFileSync(path, packed);
  }
}

/**
 * Imports files and reads back what came of them. Nothing may be left beside
 * the container.
 *
 * @param files The files of the source.
 * @param options How to import.
 * @returns All that the container has.
 */
export function importFiles(
  files: FolderFiles,
  options: ImportOptions = {},
): Promise<Imported> {
  return withTempFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/source`);
    writeFiles(`${folder}/source`, files);
    const path = `${folder}/batch`;
    const summary = await importBatch(`${folder}/source`, path, options);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    if (left.join() !== "batch,source") throw new Error(`there is ${left}`);
    return { summary, ...await readBatch(path) };
  });
}

/**
 * Imports files that can't be, and checks that nothing is left of it.
 *
 * @param files The files of the source.
 * @param options How to import.
 * @returns The message, with `SOURCE` for the path of the source.
 */
export function importError(
  files: FolderFiles,
  options: ImportOptions = {},
): Promise<string> {
  return withTempFolder(async (folder) => {
    const source = `${folder}/source`;
    Deno.mkdirSync(source);
    writeFiles(source, files);
    try {
      await importBatch(source, `${folder}/batch`, options);
    } catch (error) {
      const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
      if (left.join() !== "source") throw new Error(`there is ${left}`);
      const { message } = error as Error;
      if (message.includes("\n")) throw new Error(`${message} is not a line`);
      return message.replaceAll(source, "SOURCE").replaceAll(folder, "FOLDER");
    }
    throw new Error("it was imported");
  });
}

/**
 * Reads all of a batch.
 *
 * @param path The path of the batch.
 * @returns Its names and counts.
 */
export async function readBatch(
  path: string,
): Promise<Omit<Imported, "summary">> {
  using batch = await Profiles.load(path);
  const genes = await batch.genes.names();
  const counts: number[][] = [];
  for (let profile = 0; profile < batch.profilesCount; profile++) {
    const entries = await batch.profileEntries(profile);
    const row = genes.map(() => 0);
    entries.genes.forEach((gene, at) => row[gene] = entries.counts[at]!);
    counts.push(row);
  }
  const sums = await batch.totalUmis("g");
  const totals = Object.fromEntries(genes.map((name, at) => [name, sums[at]!]));
  const profiles = await batch.profileNames();
  return { genes, profiles, counts, totals };
}
