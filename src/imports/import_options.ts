import type { GenesSet } from "../genes/genes_set.ts";
import { isOverlapping, isWithin } from "../io/paths.ts";
import type { DuplicateGenes } from "./gene_names.ts";
import type { SourceOptions } from "./importer.ts";
import { lanePattern } from "./split_lanes.ts";

/** How a source is imported. */
export interface ImportOptions extends SourceOptions {
  /** The name of the importer, where it is not to be found out. */
  readonly from?: string;
  /** Whether a container at the destination is replaced. */
  readonly force?: boolean;
  /** The organism; else the ids of the genes tell. */
  readonly organism?: string;
  /** The kind of the profiles, `cells` if unset. */
  readonly profilesKind?: string;
  /** What is done where names of genes repeat, `suffix` if unset. */
  readonly duplicateGenes?: DuplicateGenes;
  /** The genes set to use; else the container gets one of its own. */
  readonly genesSet?: GenesSet;
  /** Whether genes that the genes set has no place for are left out. */
  readonly allowMissingGenes?: boolean;
  /**
   * A regular expression that finds the lane in a barcode, by its group `lane`
   * or its first group: each lane becomes a batch, and all of them a
   * collection. A group `barcode` is what is kept as the barcode; other named
   * groups become data of the profiles. `hca` stands for that of the barcodes
   * of the Human Cell Atlas.
   */
  readonly splitLanes?: string | RegExp;
  /**
   * The most bytes of a matrix file, 4 GiB if unset. A batch of more becomes a
   * collection of parts, whose names do not show in those of its profiles.
   */
  readonly matrixBytes?: number;
  /** Stops the import; nothing is left of it. */
  readonly signal?: AbortSignal;
  /**
   * Told of the progress.
   *
   * @param done How much is done.
   * @param total How much there is; it can grow.
   */
  progress?(done: number, total: number): void;
}

/**
 * Checks what can be wrong with an import before any source is opened.
 *
 * @param sources The paths of the sources.
 * @param destination The path of the container.
 * @param options How to import.
 * @throws {TypeError} If genes may be missing, and no genes set says which.
 * @throws {Error} If paths overlap, or options are wrong.
 */
export function checkImport(
  sources: readonly string[],
  destination: string,
  options: ImportOptions,
): void {
  const { allowMissingGenes, genesSet, splitLanes } = options;
  checkMatrixBytes(options);
  if (allowMissingGenes && !genesSet) {
    throw new TypeError(
      `Cannot import ${sources[0]} to ${destination}: ` +
        "`allowMissingGenes` is for a genes set, and none is given",
    );
  }
  if (splitLanes !== undefined) lanePattern(splitLanes);
  const inside = sources.find((path) => isOverlapping(path, destination));
  if (inside !== undefined) {
    throw new Error(
      `Cannot import ${inside} to ${destination}: ` +
        "one of them is inside the other",
    );
  }
  if (!genesSet || !isWithin(genesSet.place, destination)) return;
  throw new Error(
    `Cannot import ${sources[0]} to ${destination}: ` +
      `its genes set ${genesSet.place} is inside it`,
  );
}

function checkMatrixBytes({ matrixBytes }: ImportOptions): void {
  if (matrixBytes === undefined) return;
  if (Number.isSafeInteger(matrixBytes) && matrixBytes > 0) return;
  throw new RangeError(
    `Cannot import to matrix files of ${matrixBytes} bytes: ` +
      "the most bytes are a whole number above 0",
  );
}
