import { dataArrayLength } from "../arrays/data_array.ts";
import { listDataArrays, readDataArray } from "../arrays/data_array_files.ts";
import { Genes } from "../genes/genes.ts";
import { GENES_YAML, GenesSet } from "../genes/genes_set.ts";
import { combineUuids, fileUuid } from "../io/digest.ts";
import { pathKind } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { decodePairs } from "../matrix/pairs.ts";
import type { RawMatrix } from "../matrix/raw_matrix.ts";
import { ComputedCache } from "./computed_cache.ts";
import { Profiles } from "./profiles.ts";
import { MATRIX_FILE, ProfilesBatch } from "./profiles_batch.ts";
import "./load.ts";

/** Something that is wrong with a container. */
export interface Problem {
  /** The path of the file or folder. */
  readonly path: string;
  /** What is wrong with it. */
  readonly message: string;
}

/** What a verification found. */
export interface Verification {
  /** What is wrong, in the order in which it was found. */
  readonly problems: readonly Problem[];
  /** How many files were checked. */
  readonly checkedCount: number;
}

/** How a container is verified. */
export interface VerifyOptions {
  /** Also decode all counts and compare all digests. */
  readonly deep?: boolean;
  /** The genes set, where the container is not to find it itself. */
  readonly genes?: Genes;
}

/**
 * Checks a container, or a genes set, and lists all that is wrong with it.
 *
 * @param path The path of the folder.
 * @param options Whether the content of the matrix is checked too.
 * @returns What was found.
 *
 * @example Verify a folder that is no container
 * ```ts
 * import { verifyContainer } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const { problems } = await verifyContainer(folder);
 * assertEquals(problems.length, 1);
 * await Deno.remove(folder);
 * ```
 */
export async function verifyContainer(
  path: string,
  options: VerifyOptions = {},
): Promise<Verification> {
  const verifier = new Verifier(options);
  if (pathKind(joinPath(path, GENES_YAML)) === "file") {
    await verifier.checkGenesOf(path);
  } else {
    await verifier.checkProfilesOf(path);
  }
  return verifier;
}

/** Gathers problems: one check that fails does not end the others. */
class Verifier implements Verification {
  readonly problems: Problem[] = [];
  checkedCount = 0;
  readonly #options: VerifyOptions;

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  async checkGenesOf(path: string): Promise<void> {
    await this.#check(path, async () => {
      await this.#checkGenes(await Genes.load(path));
    });
  }

  async checkProfilesOf(path: string): Promise<void> {
    await this.#check(path, async () => {
      using profiles = await Profiles.load(path, this.#options.genes);
      const { metadata, genes } = profiles;
      if (metadata.genesCount !== genes.count) {
        this.#add(
          metadata.yamlPath,
          `genes_count is ${metadata.genesCount}, and there are ${genes.count}`,
        );
      }
      await this.#checkGenes(genes);
      await this.#checkArrays(path, genes.count, profiles.profilesCount);
      if (profiles instanceof ProfilesBatch) await this.#checkBatch(profiles);
    });
  }

  async #checkGenes(genes: Genes): Promise<void> {
    if (!(genes instanceof GenesSet)) return;
    const { path, yamlPath } = genes.metadata;
    await this.#checkArrays(path, genes.count, 0);
    await this.#check(path, async () => {
      GenesSet.checkNames(await genes.names(), genes.dataPath("g.name.txt"));
      const uuid = fileUuid(genes.dataPath("g.name.txt"));
      if (uuid === genes.uuid) return;
      this.#add(yamlPath, `uuid is ${genes.uuid}, and the names have ${uuid}`);
    });
  }

  /** Reads all arrays of a folder and compares their lengths. */
  async #checkArrays(
    path: string,
    genesCount: number,
    profilesCount: number,
  ): Promise<void> {
    for (const { stem } of listDataArrays(path)) {
      const expected = stem.startsWith("g.")
        ? genesCount
        : stem.startsWith("p.")
        ? profilesCount
        : undefined;
      if (expected === undefined) continue;
      await this.#check(joinPath(path, stem), () => {
        const length = dataArrayLength(readDataArray(path, stem));
        if (length === expected) return;
        this.#add(
          joinPath(path, stem),
          `it has ${length} values, and there should be ${expected}`,
        );
      });
    }
  }

  async #checkBatch(batch: ProfilesBatch): Promise<void> {
    const { path } = batch.metadata;
    await this.#check(path, async () => {
      const matrix = await batch.rawMatrix();
      for await (const _ of matrix.windows(0, 0)); // reads the index
      if (this.#options.deep) await this.#checkContent(batch, matrix);
    });
    await this.#check(path, async () => {
      const source = await batch.sourceGenes();
      if (source === undefined) return;
      const outside = source.geneIndices.find((gene) =>
        gene < -1 || gene >= batch.genes.count
      );
      if (outside === undefined) return;
      this.#add(
        joinPath(path, "genes.source_index.npy"),
        `it leads to gene ${outside} of ${batch.genes.count}`,
      );
    });
  }

  async #checkContent(batch: ProfilesBatch, matrix: RawMatrix): Promise<void> {
    const { metadata } = batch;
    const { entriesCount, totals } = await this.#decode(matrix);
    const expected = metadata.entriesCount;
    if (expected !== undefined && expected !== entriesCount) {
      this.#add(
        metadata.yamlPath,
        `entries_count is ${expected}, and the matrix has ${entriesCount}`,
      );
    }
    this.#checkUuid(batch, matrix);
    this.#checkCache(batch, totals);
  }

  /** Decodes each profile; those that are not valid are listed. */
  async #decode(
    matrix: RawMatrix,
  ): Promise<{ entriesCount: number; totals: Float64Array }> {
    let entriesCount = 0;
    const totals = new Float64Array(matrix.profilesCount);
    for await (const window of matrix.windows()) {
      for (let at = 0; at < window.profilesCount; at++) {
        const start = window.starts[at]!;
        const pairs = window.pairs.subarray(start, window.starts[at + 1]);
        const place = { name: matrix.name, offset: window.offset + start };
        await this.#check(matrix.name, () => {
          const { counts } = decodePairs(pairs, matrix.genesCount, place);
          entriesCount += counts.length;
          totals[window.firstProfile + at] = counts.reduce(
            (sum, count) => sum + count,
            0,
          );
        });
      }
    }
    return { entriesCount, totals };
  }

  #checkUuid(batch: ProfilesBatch, matrix: RawMatrix): void {
    const { metadata, genes } = batch;
    const uuid = combineUuids([genes.uuid, fileUuid(matrix.name)]);
    if (uuid === metadata.uuid) return;
    this.#add(
      metadata.yamlPath,
      `uuid is ${metadata.uuid}, and genes and matrix have ${uuid}: ` +
        `${MATRIX_FILE} is not the file that was written`,
    );
  }

  #checkCache(batch: ProfilesBatch, totals: Float64Array): void {
    const { path, uuid } = batch.metadata;
    const cached = new ComputedCache(path, uuid)
      .read("p.total_umis", totals.length);
    const at = cached?.findIndex((value, index) => value !== totals[index]);
    if (at === undefined || at < 0) return;
    this.#add(
      joinPath(path, "cache", uuid, "p.total_umis.npy"),
      `the total of profile ${at} is ${cached![at]}, not ${totals[at]}`,
    );
  }

  async #check(
    path: string,
    action: () => void | Promise<void>,
  ): Promise<void> {
    this.checkedCount++;
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#add(path, error.message);
    }
  }

  #add(path: string, message: string): void {
    this.problems.push({ path, message });
  }
}
