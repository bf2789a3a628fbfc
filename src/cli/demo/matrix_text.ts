import type { DemoCounts } from "./generate.ts";

const NEWLINE = 10;
const SPACE = 32;
const ZERO = 48;
/** No line is longer: three numbers of ten digits, two spaces, a newline. */
const LINE_LIMIT = 33;

/**
 * The counts as the `matrix.mtx` that Cell Ranger writes: a line an entry,
 * gene and barcode counted from 1.
 *
 * @param counts The counts.
 * @returns The text, as bytes.
 */
export function writeMatrixText(counts: DemoCounts): Uint8Array {
  const { genes, offsets, barcodes, genesCount } = counts;
  const header = new TextEncoder().encode(
    "%%MatrixMarket matrix coordinate integer general\n" +
      '%metadata_json: {"software_version": "metacell demo", ' +
      '"format_version": 2}\n' +
      `${genesCount} ${barcodes.length} ${genes.length}\n`,
  );
  const bytes = new Uint8Array(header.length + genes.length * LINE_LIMIT);
  bytes.set(header);
  let end = header.length;
  for (let barcode = 0; barcode < barcodes.length; barcode++) {
    const last = offsets[barcode + 1]!;
    for (let entry = offsets[barcode]!; entry < last; entry++) {
      end = writeDigits(bytes, end, genes[entry]! + 1, SPACE);
      end = writeDigits(bytes, end, barcode + 1, SPACE);
      end = writeDigits(bytes, end, counts.counts[entry]!, NEWLINE);
    }
  }
  return bytes.subarray(0, end);
}

function writeDigits(
  bytes: Uint8Array,
  start: number,
  value: number,
  terminator: number,
): number {
  let end = start + 1;
  for (let rest = value; rest >= 10; rest = Math.trunc(rest / 10)) end++;
  let rest = value;
  for (let position = end - 1; position >= start; position--) {
    const tenth = Math.trunc(rest / 10);
    bytes[position] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  bytes[end] = terminator;
  return end + 1;
}
