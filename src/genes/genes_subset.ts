import { type DataArray, takeDataArray } from "../arrays/data_array.ts";
import { bytesOf } from "../arrays/dtypes.ts";
import { combineUuids, Md5 } from "../io/digest.ts";
import { Genes } from "./genes.ts";

/** Indices that are read when they are first needed. */
export interface LazyIndices {
  /** How many there are. */
  readonly count: number;
  /** Reads them; it is called again only if it throws. */
  load(): Int32Array;
}

/**
 * Some of the genes of a set, or of another subset.
 *
 * @example Take some genes
 * ```ts
 * import { GenesSet, GenesSubset } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/g.name.txt`, "ACTB\nCD3D\nLYZ\n");
 * const genes = await GenesSet.created(folder, "human");
 *
 * const subset = new GenesSubset(genes, [0, 2]);
 * assertEquals(await subset.names(), ["ACTB", "LYZ"]);
 * assertEquals(subset.full, genes);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class GenesSubset extends Genes {
  /** The genes that these are some of. */
  readonly superset: Genes;
  readonly #lazy: LazyIndices;
  #indices: Int32Array | undefined;
  #uuid: string | undefined;

  /**
   * Takes some genes.
   *
   * @param superset The genes to take from.
   * @param includedIndices The indices of those to take, ascending; they may
   * be read later, and are checked then.
   * @throws {RangeError} If an index is no whole number, out of range, or not
   * above the one before it.
   */
  constructor(
    superset: Genes,
    includedIndices: ArrayLike<number> | LazyIndices,
  ) {
    super();
    this.superset = superset;
    if ("load" in includedIndices) {
      this.#lazy = includedIndices;
    } else {
      // Before they become int32, where those that are too large would wrap.
      checkGeneIndices(includedIndices, superset);
      const indices = Int32Array.from(includedIndices);
      this.#lazy = { count: indices.length, load: () => indices };
      this.#indices = indices;
    }
  }

  /** The indices of the genes in those that they were taken from. */
  get includedIndices(): Int32Array {
    if (this.#indices === undefined) {
      const indices = this.#lazy.load();
      checkGeneIndices(indices, this.superset);
      this.#indices = indices;
    }
    return this.#indices;
  }

  /** The number of genes. */
  get count(): number {
    return this.#lazy.count;
  }

  /** The identifier: that of the genes taken from, and of the indices. */
  get uuid(): string {
    this.#uuid ??= combineUuids([
      this.superset.uuid,
      indicesUuid(this.includedIndices),
    ]);
    return this.#uuid;
  }

  /** The organism these are genes of, `unknown` where nobody said. */
  get organism(): string {
    return this.superset.organism;
  }

  /** What messages call the genes: the folder of those taken from. */
  get place(): string {
    return this.superset.place;
  }

  /** The full genes set that these are of. */
  get full(): Genes {
    return this.superset.full;
  }

  /**
   * The indices of the genes in the full genes set.
   *
   * @returns An index a gene, ascending.
   */
  fullIndices(): Int32Array {
    if (!(this.superset instanceof GenesSubset)) return this.includedIndices;
    const above = this.superset.fullIndices();
    return this.includedIndices.map((index) => above[index]!);
  }

  /**
   * What data there are.
   *
   * @returns The names, sorted; `name` is always among them.
   */
  override async availableData(): Promise<string[]> {
    return await this.superset.availableData();
  }

  /**
   * Whether there are data of some name.
   *
   * @param name The name, without the kind.
   * @returns True where there are.
   */
  override async hasArray(name: string): Promise<boolean> {
    return await this.superset.hasArray(name);
  }

  /**
   * Data of any type, a value a gene of the subset.
   *
   * @param name The name, without the kind.
   * @returns The values with their type.
   * @throws {Error} If there are none of the name.
   */
  override async anyArray(name: string): Promise<DataArray> {
    const data = name === "name"
      ? await this.#allNames()
      : await this.superset.anyArray(name);
    return takeDataArray(data, this.includedIndices);
  }

  /** Names are asked for often, and the superset reads its own once. */
  async #allNames(): Promise<DataArray> {
    const values = await this.superset.names();
    return { kind: "text", dtype: "string", values };
  }
}

/**
 * Whether two lists of genes are the same genes, however they were taken.
 *
 * @param left Some genes.
 * @param right Some genes.
 * @returns True where they are the same of the same full set.
 */
export function areSameGenes(left: Genes, right: Genes): boolean {
  if (left.count !== right.count || left.full.uuid !== right.full.uuid) {
    return false;
  }
  const indices = [left, right].map((genes) =>
    genes instanceof GenesSubset ? genes.fullIndices() : undefined
  );
  const [one, other] = indices;
  return left.full.count === left.count ||
    (one !== undefined && other !== undefined &&
      one.every((index, at) => index === other[at]));
}

function checkGeneIndices(
  indices: ArrayLike<number>,
  superset: Genes,
): void {
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!;
    const why = !Number.isInteger(index)
      ? "indices are whole numbers"
      : index < 0 || index >= superset.count
      ? `there are ${superset.count}`
      : at > 0 && index <= indices[at - 1]!
      ? `it does not come after gene ${indices[at - 1]}`
      : undefined;
    if (why === undefined) continue;
    throw new RangeError(
      `Cannot take gene ${index} of ${superset.place}: ${why}`,
    );
  }
}

/** The digest of the indices as numbers of 4 bytes. */
function indicesUuid(indices: Int32Array): string {
  const digest = new Md5();
  digest.update(bytesOf(indices));
  return digest.uuid();
}
