import { dataArrayLength } from "../arrays/data_array.ts";
import { listDataArrays, readDataArray } from "../arrays/data_array_files.ts";
import { encodeName } from "../arrays/names.ts";
import { readNpyHeader } from "../arrays/npy.ts";
import type { ComputeOptions } from "../compute/totals.ts";
import { Genes } from "../genes/genes.ts";
import { GENES_YAML, GenesSet } from "../genes/genes_set.ts";
import { fileUuid } from "../io/digest.ts";
import { pathKind } from "../io/files.ts";
import { absolutePath, joinPath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import { listMatrices } from "./matrix_files.ts";
import { isProfilesFolder, Profiles } from "./profiles.ts";
import { ProfilesBatch } from "./profiles_batch.ts";
import { ProfilesCollection } from "./profiles_collection.ts";
import { ProfilesCollectionMetadata } from "./profiles_collection_metadata.ts";
import { ProfilesGroups } from "./profiles_groups.ts";
import { PROFILES_YAML, ProfilesMetadata } from "./profiles_metadata.ts";
import { ProfilesView } from "./profiles_view.ts";
import { ProfilesViewMetadata } from "./profiles_view_metadata.ts";
import { checkBatch } from "./verify_batch.ts";
import {
  checkCache,
  checkCollection,
  checkEntries,
  checkView,
} from "./verify_combined.ts";
import { checkGroupSums } from "./verify_groups.ts";
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

/** Where checks put what they find. */
export interface Findings {
  /**
   * Runs a check: what it throws is a problem, and does not end the others.
   *
   * @param path The path of what is checked.
   * @param action The check.
   */
  check(path: string, action: () => void | Promise<void>): Promise<void>;
  /**
   * Adds a problem.
   *
   * @param path The path of the file or folder.
   * @param message What is wrong with it.
   */
  add(path: string, message: string): void;
}

/** How a container is verified. */
export interface VerifyOptions {
  /** Also decode all counts, and compare all digests and sums of groups. */
  readonly deep?: boolean;
  /** The genes set, where the container is not to find it itself. */
  readonly genes?: Genes;
  /** What computes the sums that are compared. */
  readonly compute?: ComputeOptions | undefined;
}

/**
 * Checks a container, or a genes set, and lists all that is wrong with it, and
 * with the containers that it is made of.
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
class Verifier implements Verification, Findings {
  readonly problems: Problem[] = [];
  checkedCount = 0;
  readonly #options: VerifyOptions;
  readonly #seen = new Set<string>();

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  async checkGenesOf(path: string): Promise<void> {
    await this.check(path, async () => {
      await this.#checkGenes(await Genes.load(path));
    });
  }

  /** Those that a container is made of come first, and each once. */
  async checkProfilesOf(path: string): Promise<void> {
    if (this.#seen.has(absolutePath(path))) return;
    this.#seen.add(absolutePath(path));
    for (const other of relatedPaths(path)) {
      if (isProfilesFolder(other)) await this.checkProfilesOf(other);
    }
    await this.check(path, async () => {
      const { compute, genes } = this.#options;
      const options = { cache: false, compute };
      using profiles = await Profiles.load(path, genes, options);
      await this.#checkProfiles(profiles);
    });
  }

  async check(
    path: string,
    action: () => void | Promise<void>,
  ): Promise<void> {
    this.checkedCount++;
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.add(path, error.message);
    }
  }

  add(path: string, message: string): void {
    this.problems.push({ path, message });
  }

  async #checkProfiles(profiles: Profiles): Promise<void> {
    const { metadata, genes } = profiles;
    const { deep = false } = this.#options;
    if (metadata.genesCount !== genes.count) {
      this.add(
        metadata.yamlPath,
        `genes_count is ${metadata.genesCount}, and there are ${genes.count}`,
      );
    }
    await this.#checkFullGenes(genes.full);
    await this.#checkArrays(metadata.path, genes.count, profiles.profilesCount);
    await this.#checkMatrices(profiles);
    if (profiles instanceof ProfilesBatch) {
      await checkBatch(this, profiles, deep);
    }
    if (profiles instanceof ProfilesGroups) {
      await checkGroupSums(this, profiles, this.#options);
    }
    if (profiles instanceof ProfilesView) await checkView(this, profiles);
    if (profiles instanceof ProfilesCollection) checkCollection(this, profiles);
    if (!deep) return;
    if (!(profiles instanceof ProfilesBatch)) {
      await checkEntries(this, profiles, this.#options.compute);
    }
    await checkCache(this, profiles);
  }

  async #checkFullGenes(genes: Genes): Promise<void> {
    if (this.#seen.has(absolutePath(genes.place))) return;
    this.#seen.add(absolutePath(genes.place));
    await this.#checkGenes(genes);
  }

  async #checkGenes(genes: Genes): Promise<void> {
    if (!(genes instanceof GenesSet)) return;
    const { path, yamlPath } = genes.metadata;
    await this.#checkArrays(path, genes.count, 0);
    await this.check(path, async () => {
      GenesSet.checkNames(await genes.names(), genes.dataPath("g.name.txt"));
      const uuid = fileUuid(genes.dataPath("g.name.txt"));
      if (uuid === genes.uuid) return;
      this.add(yamlPath, `uuid is ${genes.uuid}, and the names have ${uuid}`);
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
      await this.check(joinPath(path, stem), () => {
        const length = dataArrayLength(readDataArray(path, stem));
        if (length === expected) return;
        this.add(
          joinPath(path, stem),
          `it has ${countOf(length, "value")}, and there should be ${expected}`,
        );
      });
    }
  }

  /** Compares the shapes of dense matrices. */
  async #checkMatrices(profiles: Profiles): Promise<void> {
    const sizes: Readonly<Record<string, number>> = {
      g: profiles.genes.count,
      p: profiles.profilesCount,
    };
    const { path } = profiles.metadata;
    for (const kind of ["gp", "gg", "pp"] as const) {
      const expected = [...kind].map((axis) => sizes[axis]).join(", ");
      for (const name of listMatrices(path, kind)) {
        const file = joinPath(path, `${kind}.${encodeName(name)}.npy`);
        await this.check(file, () => {
          const shape = readNpyHeader(file).shape.join(", ");
          if (shape === expected) return;
          this.add(
            file,
            `its shape is (${shape}), and should be (${expected})`,
          );
        });
      }
    }
  }
}

/** The containers that one is made of, as far as its metadata can be read. */
function relatedPaths(path: string): string[] {
  if (!isProfilesFolder(path)) return [];
  try {
    const metadata = ProfilesMetadata.load(joinPath(path, PROFILES_YAML));
    if (metadata instanceof ProfilesViewMetadata) return [metadata.basePath];
    if (!(metadata instanceof ProfilesCollectionMetadata)) return [];
    return metadata.combinedProfiles
      .map(({ name }) => metadata.memberPath(name));
  } catch {
    return []; // opening it will say why
  }
}
