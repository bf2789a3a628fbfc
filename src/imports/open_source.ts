import { type DataArray, textAt } from "../arrays/data_array.ts";
import type {
  BlocksOptions,
  CountsBlock,
  Importer,
  ImportSource,
  SourceGenes,
  SourceOptions,
  SourceProfiles,
} from "./importer.ts";

/**
 * Opens a source, with the names of genes that were asked for.
 *
 * @param importer The importer of its format.
 * @param path The path of the source.
 * @param options What the source is asked for.
 * @returns The open source.
 * @throws {Error} If the source has no such names.
 */
export async function openSource(
  importer: Importer,
  path: string,
  options: SourceOptions,
): Promise<ImportSource> {
  const source = await importer.open(path, options);
  const { geneNames = "name" } = options;
  if (geneNames === "name") return source;
  try {
    return new RenamedSource(source, chooseNames(source, geneNames));
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

/** A source whose genes go by other names. */
class RenamedSource implements ImportSource {
  readonly genes: SourceGenes;
  readonly #source: ImportSource;

  constructor(source: ImportSource, names: readonly string[]) {
    this.#source = source;
    this.genes = { ...source.genes, names };
  }

  get format(): string {
    return this.#source.format;
  }

  get path(): string {
    return this.#source.path;
  }

  get profiles(): SourceProfiles {
    return this.#source.profiles;
  }

  get notes(): readonly string[] {
    return this.#source.notes;
  }

  blocks(options: BlocksOptions): AsyncIterable<CountsBlock> {
    return this.#source.blocks(options);
  }

  async close(): Promise<void> {
    await this.#source.close?.();
  }
}

function chooseNames(source: ImportSource, column: string): readonly string[] {
  const { names, ids, columns } = source.genes;
  const chosen = column === "id" ? ids : texts(columns[column], names.length);
  if (chosen) {
    return chosen.map((text, row) => text === "" ? names[row]! : text);
  }
  const known = ["name", ...(ids ? ["id"] : []), ...Object.keys(columns)];
  throw new Error(
    `Cannot import ${source.path}: it has no names of genes "${column}"; ` +
      `there are ${known.join(", ")}`,
  );
}

function texts(
  data: DataArray | undefined,
  length: number,
): readonly string[] | undefined {
  return data && Array.from({ length }, (_, row) => textAt(data, row));
}
