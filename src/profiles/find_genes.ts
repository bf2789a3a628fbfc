import { Genes } from "../genes/genes.ts";
import { GENES_YAML, sameOrganism } from "../genes/genes_set.ts";
import { pathKind } from "../io/files.ts";
import {
  absolutePath,
  joinPath,
  parentPath,
  realPath,
  resolveWithin,
} from "../io/paths.ts";
import type { ProfilesMetadata } from "./profiles_metadata.ts";

/**
 * Finds the genes set of a container: at the path that its metadata name,
 * else as `genes` inside it, beside it, and on up the tree. It is known by its
 * uuid, and of the organism of the container.
 *
 * @param metadata The metadata of the container.
 * @returns The genes set.
 * @throws {Error} If it is not found; the message lists other sets that are
 * there.
 */
export async function findGenes(metadata: ProfilesMetadata): Promise<Genes> {
  const others: string[] = [];
  for (const path of candidates(metadata)) {
    if (pathKind(joinPath(path, GENES_YAML)) !== "file") continue;
    const genes = await Genes.load(path);
    if (whyNotGenes(metadata, genes) === undefined) return genes;
    others.push(`${path} (${genes.uuid}, ${genes.organism})`);
  }
  const found = others.length === 0
    ? "none was found"
    : `found were ${[...new Set(others)].join(", ")}`;
  throw new Error(
    `Cannot open ${metadata.path}: its genes set ${metadata.genesUuid} is ` +
      `missing; ${found} (\`genes\` names one)`,
  );
}

/**
 * Checks that genes are those of a container.
 *
 * @param metadata The metadata of the container.
 * @param genes The genes that it is to be opened with.
 * @throws {Error} If they are others, or of another organism.
 */
export function checkGenes(metadata: ProfilesMetadata, genes: Genes): void {
  const why = whyNotGenes(metadata, genes);
  if (why === undefined) return;
  throw new Error(
    `Cannot open ${metadata.path} with the genes of ${genes.place}: ${why}`,
  );
}

/** The uuid is that of the names alone, which two organisms may share. */
function whyNotGenes(
  metadata: ProfilesMetadata,
  genes: Genes,
): string | undefined {
  if (genes.uuid !== metadata.genesUuid) {
    return `its genes set is ${metadata.genesUuid}, and this is ${genes.uuid}`;
  }
  return sameOrganism(metadata.organism, genes.organism)
    ? undefined
    : `it is of ${metadata.organism}, and the genes are of ${genes.organism}`;
}

function* candidates(metadata: ProfilesMetadata): Generator<string, void> {
  const { path, genesPath } = metadata;
  if (genesPath !== undefined) yield resolveWithin(path, genesPath);
  for (const start of new Set([absolutePath(path), realPath(path)])) {
    yield* upTheTree(start);
  }
}

/** `genes` in a folder, and in those above it. */
function* upTheTree(start: string): Generator<string, void> {
  let folder = start;
  while (true) {
    yield joinPath(folder, "genes");
    const above = parentPath(folder);
    if (above === folder) return;
    folder = above;
  }
}
