import { type DataArray, dataArrayLength } from "../arrays/data_array.ts";
import { listDataArrays, readDataArray } from "../arrays/data_array_files.ts";
import { compareCodePoints } from "../arrays/compare.ts";
import { decodeName, encodeName } from "../arrays/names.ts";
import { decodeText } from "../arrays/text_arrays.ts";
import { fileUuid } from "../io/digest.ts";
import { pathKind, readFileBytes } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { countOf, thereAre } from "../io/plural.ts";
import { Genes } from "./genes.ts";
import { GenesMetadata } from "./genes_metadata.ts";

/** The file that makes a folder a genes set. */
export const GENES_YAML = "genes.yaml";

/** The file of the names of the genes, whose digest identifies the set. */
const NAMES_FILE = "g.name.txt";

/**
 * A genes set on disk: a folder with `genes.yaml`, `g.name.txt` and other
 * `g.*` arrays.
 *
 * @example Make a genes set and open it
 * ```ts
 * import { Genes, GenesSet } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/g.name.txt`, "ACTB\nCD3D\nMALAT1\n");
 * await GenesSet.created(folder, "human");
 *
 * const genes = await Genes.load(folder, "human");
 * assertEquals(genes.count, 3);
 * assertEquals(await genes.names(), ["ACTB", "CD3D", "MALAT1"]);
 * assertEquals((await genes.lookup()).find("cd3d"), 1);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class GenesSet extends Genes {
  /** What `genes.yaml` says. */
  readonly metadata: GenesMetadata;

  /**
   * Opens a genes set; `Genes.load` is how a folder is opened.
   *
   * @param metadata The metadata of the set.
   */
  constructor(metadata: GenesMetadata) {
    super();
    this.metadata = metadata;
  }

  /**
   * Writes the `genes.yaml` of a folder that has the names of the genes.
   *
   * @param path The path of the folder.
   * @param organism The organism these are genes of.
   * @returns The genes set.
   * @throws {SyntaxError} If the names are not upper-case, sorted by code point,
   * unique and not empty.
   */
  // deno-lint-ignore require-await
  static override async created(
    path: string,
    organism: string,
  ): Promise<GenesSet> {
    const namesPath = joinPath(path, NAMES_FILE);
    const names = decodeText(readFileBytes(namesPath), namesPath);
    GenesSet.checkNames(names, namesPath);
    const metadata = new GenesMetadata(joinPath(path, GENES_YAML), {
      uuid: fileUuid(namesPath),
      organism,
      genes_count: names.length,
    });
    metadata.dump();
    return new GenesSet(metadata);
  }

  /**
   * Checks the names of a genes set.
   *
   * @param names The names, in order.
   * @param path The path of their file, for messages.
   * @throws {SyntaxError} If they are not upper-case, sorted by code point,
   * unique and not empty; the message has the line.
   */
  static checkNames(names: readonly string[], path: string): void {
    names.forEach((name, at) => {
      const why = whyNotNext(names[at - 1], name);
      if (why === undefined) return;
      throw new SyntaxError(
        `Cannot use ${path} as names of genes: line ${at + 1}, "${name}": ` +
          why,
      );
    });
  }

  /** The number of genes. */
  get count(): number {
    return this.metadata.genesCount;
  }

  /** The identifier of the set: that of the file of the names. */
  get uuid(): string {
    return this.metadata.uuid;
  }

  /** The organism these are genes of, `unknown` where nobody said. */
  get organism(): string {
    return this.metadata.organism;
  }

  /** The path of the folder. */
  get place(): string {
    return this.metadata.path;
  }

  /** This set itself. */
  get full(): Genes {
    return this;
  }

  /**
   * The path of a file of the set.
   *
   * @param name The name of the file.
   * @returns The path in the folder.
   */
  dataPath(name: string): string {
    return joinPath(this.metadata.path, name);
  }

  /**
   * What data there are.
   *
   * @returns The names, sorted; `name` is always among them.
   */
  // deno-lint-ignore require-await
  async availableData(): Promise<string[]> {
    return listDataArrays(this.metadata.path)
      .filter(({ stem }) => stem.startsWith("g."))
      .map(({ stem }) => decodeName(stem.slice(2)))
      .sort();
  }

  /**
   * Whether there are data of some name.
   *
   * @param name The name, without the kind.
   * @returns True where there are.
   */
  async hasArray(name: string): Promise<boolean> {
    return (await this.availableData()).includes(name);
  }

  /**
   * Data of any type, a value a gene.
   *
   * @param name The name, without the kind: `id` is in `g.id.txt`.
   * @returns The values with their type.
   * @throws {Error} If there are none of the name, or their count is not that
   * of the genes.
   */
  // deno-lint-ignore require-await
  async anyArray(name: string): Promise<DataArray> {
    const data = readDataArray(this.metadata.path, `g.${encodeName(name)}`, {
      ordered: this.metadata.ordered.includes(`g.${name}`),
    });
    const length = dataArrayLength(data);
    if (length === this.count) return data;
    throw new RangeError(
      `Cannot read g.${name} of ${this.place}: it has ` +
        `${countOf(length, "value")}, ` +
        `and ${thereAre(this.count, "gene")}`,
    );
  }
}

Genes.load = loadGenesSet;
Genes.created = (path, organism) => GenesSet.created(path, organism);

// deno-lint-ignore require-await
async function loadGenesSet(
  path: string,
  organism?: string,
): Promise<GenesSet> {
  const yamlPath = joinPath(path, GENES_YAML);
  if (pathKind(yamlPath) !== "file") {
    const why = pathKind(path) === "missing"
      ? "there is no such folder"
      : `it is not a genes set, it has no ${GENES_YAML}`;
    throw new Error(`Cannot open ${path}: ${why}`);
  }
  const genes = new GenesSet(GenesMetadata.load(yamlPath));
  if (organism !== undefined && !sameOrganism(organism, genes.organism)) {
    throw new Error(
      `Cannot use the genes of ${path}: they are of ${genes.organism}, ` +
        `not of ${organism}`,
    );
  }
  return genes;
}

/**
 * Whether two organisms can be the same.
 *
 * @param left One organism.
 * @param right The other.
 * @returns True where they are equal, or one is `unknown`.
 */
export function sameOrganism(left: string, right: string): boolean {
  return left === right || left === "unknown" || right === "unknown";
}

/** Why a name can't follow another one, if it can't. */
function whyNotNext(
  before: string | undefined,
  name: string,
): string | undefined {
  if (name === "") return "it is empty";
  if (name !== name.toUpperCase()) return "it is not upper-case";
  if (before === undefined || compareCodePoints(before, name) < 0) return;
  return `it does not sort after "${before}"`;
}
