import { combineUuids, fileUuid } from "../io/digest.ts";
import { decodePairs } from "../matrix/pairs.ts";
import type { RawMatrix } from "../matrix/raw_matrix.ts";
import { MATRIX_FILE, type ProfilesBatch } from "./profiles_batch.ts";
import { groupsUuid, ProfilesGroups } from "./profiles_groups.ts";
import type { Findings } from "./verify.ts";

/**
 * Checks the matrix of a batch, and what its source said of genes.
 *
 * @param findings Where problems go.
 * @param batch The batch.
 * @param deep Whether all counts are decoded and digests compared.
 */
export async function checkBatch(
  findings: Findings,
  batch: ProfilesBatch,
  deep: boolean,
): Promise<void> {
  const { path } = batch.metadata;
  await findings.check(path, async () => {
    const matrix = await batch.rawMatrix();
    for await (const _ of matrix.windows(0, 0)); // reads the index
    if (deep) await checkContent(findings, batch, matrix);
  });
  await findings.check(path, async () => {
    await batch.measuredGenes();
  });
  await findings.check(path, async () => {
    const source = await batch.sourceGenes();
    if (source === undefined) return;
    const outside = source.geneIndices.find((gene) =>
      gene < -1 || gene >= batch.genes.count
    );
    if (outside === undefined) return;
    findings.add(
      batch.dataPath("genes.source_index.npy"),
      `it leads to gene ${outside} of ${batch.genes.count}`,
    );
  });
}

async function checkContent(
  findings: Findings,
  batch: ProfilesBatch,
  matrix: RawMatrix,
): Promise<void> {
  const { metadata } = batch;
  const entriesCount = await decodeAll(findings, matrix);
  const expected = metadata.entriesCount;
  if (expected !== undefined && expected !== entriesCount) {
    findings.add(
      metadata.yamlPath,
      `entries_count is ${expected}, and the matrix has ${entriesCount}`,
    );
  }
  const uuid = uuidOf(batch, fileUuid(matrix.name));
  if (uuid === metadata.uuid) return;
  findings.add(
    metadata.yamlPath,
    `uuid is ${metadata.uuid}, and genes and matrix have ${uuid}: ` +
      `${MATRIX_FILE} is not the file that was written`,
  );
}

function uuidOf(batch: ProfilesBatch, matrixUuid: string): string {
  const genesUuid = batch.genes.uuid;
  if (!(batch instanceof ProfilesGroups)) {
    return combineUuids([genesUuid, matrixUuid]);
  }
  const { path, groupedUuid } = batch.metadata;
  return groupsUuid(path, { genesUuid, matrixUuid, groupedUuid });
}

/** Decodes each profile; those that are not valid are listed. */
async function decodeAll(
  findings: Findings,
  matrix: RawMatrix,
): Promise<number> {
  let entriesCount = 0;
  for await (const window of matrix.windows()) {
    for (let at = 0; at < window.profilesCount; at++) {
      const start = window.starts[at]!;
      const pairs = window.pairs.subarray(start, window.starts[at + 1]);
      const place = { name: matrix.name, offset: window.offset + start };
      await findings.check(matrix.name, () => {
        const { counts } = decodePairs(pairs, matrix.genesCount, place);
        entriesCount += counts.length;
      });
    }
  }
  return entriesCount;
}
