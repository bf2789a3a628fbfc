/** A sparse matrix as `scipy.sparse.save_npz` writes it, with names. */
import { bytesOf } from "../arrays/dtypes.ts";
import { encodeNpy } from "../arrays/npy.ts";
import { formatNpyHeader } from "../arrays/npy_header.ts";
import { encodeNpyBytes, encodeNpyTexts } from "../arrays/npy_text.ts";
import { countOf } from "../io/plural.ts";
import { ZipFile } from "../io/zip_file.ts";
import type { Exporter } from "./exporter.ts";
import {
  countArray,
  type CountType,
  countType,
  startsWith,
  withSink,
} from "./export_file.ts";
import type { CountsMeasure, ExportSource } from "./export_source.ts";

/** One of the arrays of the entries. */
interface EntriesArray {
  readonly name: "data" | "indices";
  readonly type: CountType;
  readonly length: number;
}

/** The exporter of npz files. */
export const NPZ: Exporter = {
  name: "npz",
  summary: "a sparse npz file (CSR) of shape (profiles, genes)",
  ending: ".npz",
  holds: () => false,
  hasNames: true,
  isReplaceable: (path) => startsWith(path, "PK\x03\x04"),
  async write(source, path) {
    source.passes = 3;
    const measure = await source.measure();
    checkSize(source, measure);
    await withSink(path, async (sink) => {
      const zip = new ZipFile(sink);
      writeShape(source, zip);
      writeNames(source, zip);
      writeOffsets(measure, zip);
      const { entriesCount: length, mostCount } = measure;
      await writeEntries(source, zip, {
        name: "indices",
        type: "int32",
        length,
      });
      const type = countType(mostCount);
      await writeEntries(source, zip, { name: "data", type, length });
      zip.finish();
    });
  },
};

/** What is known to fail is not begun. */
function checkSize(
  source: ExportSource,
  { entriesCount, mostCount }: CountsMeasure,
): void {
  const itemBytes = countType(mostCount) === "int32" ? 4 : 8;
  if (entriesCount * itemBytes + 128 < 2 ** 32) return;
  throw new RangeError(
    `Cannot export ${source.path}: its ` +
      `${countOf(entriesCount, "entry", "entries")} pass the ` +
      "4 GiB that an array in an npz file may have; export parts of it",
  );
}

function writeShape(source: ExportSource, zip: ZipFile): void {
  const { genesCount, profilesCount } = source;
  const data = BigInt64Array.of(BigInt(profilesCount), BigInt(genesCount));
  zip.start("format.npy");
  zip.write(encodeNpyBytes("csr"));
  zip.start("shape.npy");
  zip.write(encodeNpy({ dtype: "int64", data }));
}

function writeNames(source: ExportSource, zip: ZipFile): void {
  zip.start("barcodes.npy");
  for (const part of encodeNpyTexts(source.profileNames)) zip.write(part);
  zip.start("genes.npy");
  for (const part of encodeNpyTexts(source.geneNames)) zip.write(part);
}

/** They are below 2^31, since an array has no more than 4 GiB. */
function writeOffsets({ perProfile }: CountsMeasure, zip: ZipFile): void {
  const data = new Int32Array(perProfile.length + 1);
  perProfile.forEach((count, at) => data[at + 1] = data[at]! + count);
  zip.start("indptr.npy");
  zip.write(encodeNpy({ dtype: "int32", data }));
}

/** Each array is a pass, since a zip file has one after the other. */
async function writeEntries(
  source: ExportSource,
  zip: ZipFile,
  { name, type, length }: EntriesArray,
): Promise<void> {
  zip.start(`${name}.npy`);
  const shape = [length];
  zip.write(formatNpyHeader({ dtype: type, shape, fortranOrder: false }));
  let written = 0;
  for await (const { rows } of source.rows()) {
    for (const { genes, counts } of rows) {
      const values = name === "indices" ? genes : counts;
      zip.write(bytesOf(countArray(type, values)));
      written += values.length;
    }
  }
  if (written === length) return;
  throw new Error(
    `Cannot export ${source.path}: it changed while it was read`,
  );
}
