import type { DataArray } from "../arrays/data_array.ts";
import {
  typedValues,
  type ValuesOf,
  type ValueType,
} from "../arrays/typed_values.ts";
import { Remembered } from "../io/remembered.ts";
import { GeneLookup } from "./gene_lookup.ts";

/**
 * Genes with some data about each: a whole genes set, or a part of one. All
 * profiles that are processed together are of the same genes.
 *
 * @example Find genes, and read data about them
 * ```ts
 * import { Genes } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * // Names come in upper case, sorted; ids in the same order.
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/g.name.txt`, "ACTB\nCD3D\nLYZ\n");
 * await Deno.writeTextFile(`${folder}/g.id.txt`, "ENSG1\nENSG2\nENSG3\n");
 * await Genes.created(folder, "human");
 *
 * const genes = await Genes.load(folder, "human");
 * assertEquals([genes.count, genes.organism], [3, "human"]);
 * assertEquals(await genes.availableData(), ["id", "name"]);
 * const lookup = await genes.lookup();
 * assertEquals([lookup.find("cd3d"), lookup.find("ENSG3")], [1, 2]);
 * const ids = await genes.array("id", "string");
 * assertEquals(ids[lookup.find("ACTB")!], "ENSG1");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export abstract class Genes {
  /** The number of genes. */
  abstract readonly count: number;
  /** The identifier of this list of genes. */
  abstract readonly uuid: string;
  /** The organism these are genes of, `unknown` where nobody said. */
  abstract readonly organism: string;
  /** What messages call these genes. */
  abstract readonly place: string;
  /** The full genes set these are of, itself where they are all of it. */
  abstract readonly full: Genes;

  /**
   * Opens the genes set of a folder.
   *
   * @param path The path of the folder.
   * @param organism The organism they must be of; `unknown` matches any.
   * @returns The genes set.
   * @throws {Error} If the folder is no genes set, or of another organism.
   */
  static load: (path: string, organism?: string) => Promise<Genes>;

  /**
   * Writes the `genes.yaml` of a folder that has the names of the genes, as
   * {@linkcode GenesSet.created} says.
   *
   * @param path The path of the folder.
   * @param organism The organism these are genes of.
   * @returns The genes set.
   */
  static created: (path: string, organism: string) => Promise<Genes>;

  readonly #names = new Remembered<readonly string[]>();
  readonly #lookup = new Remembered<GeneLookup>();

  /**
   * What data there are.
   *
   * @returns The names, sorted; `name` is always among them.
   */
  abstract availableData(): Promise<string[]>;

  /**
   * Whether there are data of some name.
   *
   * @param name The name, without the kind.
   * @returns True where there are.
   */
  abstract hasArray(name: string): Promise<boolean>;

  /**
   * Data of any type, a value a gene.
   *
   * @param name The name, without the kind: `id` is in `g.id.txt`.
   * @returns The values with their type.
   * @throws {Error} If there are none of the name.
   */
  abstract anyArray(name: string): Promise<DataArray>;

  /**
   * Data of a given type, a value a gene.
   *
   * @param name The name, without the kind.
   * @param type The type they must have.
   * @returns A typed array, texts, or a categorical.
   * @throws {TypeError} If they are of another type, or values are missing.
   */
  async array<T extends ValueType>(
    name: string,
    type: T,
  ): Promise<ValuesOf<T>> {
    const data = await this.anyArray(name);
    return typedValues(data, type, `g.${name} of ${this.place}`);
  }

  /**
   * The names of the genes: upper-case, sorted by code point, unique. They are
   * read once.
   *
   * @returns A name a gene.
   */
  names(): Promise<readonly string[]> {
    return this.#names.get(() => this.array("name", "string"));
  }

  /**
   * Finds genes by their names, in any case, or by their ids.
   *
   * @returns A lookup, which is made once.
   */
  lookup(): Promise<GeneLookup> {
    return this.#lookup.get(() => this.#makeLookup());
  }

  async #makeLookup(): Promise<GeneLookup> {
    const names = await this.names();
    const hasIds = await this.hasArray("id");
    const ids = hasIds ? await this.anyArray("id") : undefined;
    return new GeneLookup(
      names,
      ids?.kind === "text" ? ids.values : undefined,
    );
  }
}
