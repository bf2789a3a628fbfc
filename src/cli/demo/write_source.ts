import { writeFileAtomically } from "../../io/atomic.ts";
import { makeFolder } from "../../io/files.ts";
import { gzip } from "../../io/gzip.ts";
import { joinPath } from "../../io/paths.ts";
import { type DemoCounts, generateDemo } from "./generate.ts";
import { writeMatrixText } from "./matrix_text.ts";

/**
 * Makes the folder that Cell Ranger 3 and later write, with the demo's data.
 *
 * @param path The path of the folder; old files in it are replaced.
 * @returns The counts that are in it.
 */
export function writeDemoSource(path: string): DemoCounts {
  const counts = generateDemo();
  makeFolder(path);
  const write = (name: string, content: Uint8Array) =>
    writeFileAtomically(joinPath(path, name), gzip(content));
  write("matrix.mtx.gz", writeMatrixText(counts));
  write("features.tsv.gz", encodeLines(featureLines(counts.genesCount)));
  write("barcodes.tsv.gz", encodeLines(counts.barcodes));
  return counts;
}

/** Names that no real gene has. */
function featureLines(genesCount: number): string[] {
  return Array.from({ length: genesCount }, (_, gene) => {
    const number = String(gene + 1).padStart(5, "0");
    return `DEMOG000000${number}\tGENE${number}\tGene Expression`;
  });
}

function encodeLines(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
}
