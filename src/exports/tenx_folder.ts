/** The folder that Cell Ranger 3 and later write. */
import { GzipFile } from "../io/gzip.ts";
import { listFolder, pathKind } from "../io/files.ts";
import { joinPath } from "../io/paths.ts";
import { countOf } from "../io/plural.ts";
import { VERSION } from "../io/version.ts";
import type { Exporter } from "./exporter.ts";
import type { ExportSource } from "./export_source.ts";
import { tenxTypes } from "./feature_types.ts";
import { TextBuffer } from "./text_buffer.ts";

const MATRIX = "matrix.mtx.gz";
const FEATURES = "features.tsv.gz";
const BARCODES = "barcodes.tsv.gz";
const FILES: readonly string[] = [BARCODES, FEATURES, MATRIX];

const GENE_DATA: readonly string[] = ["id", "feature_type", "feature_types"];
const SPACE = 32;
const NEWLINE = 10;

/** The exporter of 10x MatrixMarket folders. */
export const TENX_FOLDER: Exporter = {
  name: "tenx",
  summary: "a 10x MatrixMarket folder of version 3, gzip",
  ending: undefined,
  holds: (kind, name) => kind === "g" && GENE_DATA.includes(name),
  hasNames: true,
  isReplaceable: (path) =>
    pathKind(path) === "folder" &&
    listFolder(path).every((name) => FILES.includes(name)),
  async write(source, path) {
    const features = featureLines(source);
    const barcodes = source.profileNames.map((name, at) =>
      checkField(source, `profile ${at}`, name)
    );
    await writeLines(joinPath(path, FEATURES), features);
    await writeLines(joinPath(path, BARCODES), barcodes);
    await withGzip(joinPath(path, MATRIX), (file) => writeMatrix(source, file));
  },
};

function featureLines(source: ExportSource): string[] {
  const { geneNames, geneIds } = source;
  const types = tenxTypes(source);
  return geneNames.map((name, gene) => {
    const fields = [
      geneIds?.[gene] || name,
      name,
      types[gene]!,
    ];
    return fields.map((field) => checkField(source, `gene ${gene}`, field))
      .join("\t");
  });
}

/** A line of a table without quotes holds no more than this. */
function checkField(source: ExportSource, what: string, text: string): string {
  if (text !== "" && !/[\t\r\n]/.test(text)) return text;
  const why = text === ""
    ? "is empty"
    : "has a tab or the end of a line in it, which a 10x folder cannot hold";
  throw new Error(
    `Cannot export ${source.path}: ${JSON.stringify(text)} of ${what} ${why}`,
  );
}

async function writeMatrix(
  source: ExportSource,
  file: GzipFile,
): Promise<void> {
  const { genesCount, profilesCount } = source;
  const entriesCount = await source.profiles.entriesCount();
  const text = new TextBuffer();
  text.addText(
    "%%MatrixMarket matrix coordinate integer general\n" +
      `%metadata_json: {"software_version": "metacell-storage-${VERSION}", ` +
      '"format_version": 2}\n' +
      `${genesCount} ${profilesCount} ${entriesCount}\n`,
  );
  let written = 0;
  for await (const { firstProfile, rows } of source.rows()) {
    for (const [at, { genes, counts }] of rows.entries()) {
      for (let entry = 0; entry < genes.length; entry++) {
        text.addNumber(genes[entry]! + 1, SPACE);
        text.addNumber(firstProfile + at + 1, SPACE);
        text.addNumber(counts[entry]!, NEWLINE);
      }
      written += genes.length;
      if (text.isFull) await file.write(text.take());
    }
  }
  await file.write(text.take());
  if (written === entriesCount) return;
  throw new Error(
    `Cannot export ${source.path}: it has ` +
      `${countOf(written, "entry", "entries")}, ` +
      `and its metadata or cache say ${entriesCount}`,
  );
}

async function writeLines(
  path: string,
  lines: readonly string[],
): Promise<void> {
  const text = new TextBuffer();
  await withGzip(path, async (file) => {
    for (const line of lines) {
      text.addText(`${line}\n`);
      if (text.isFull) await file.write(text.take());
    }
    await file.write(text.take());
  });
}

async function withGzip(
  path: string,
  write: (file: GzipFile) => Promise<void>,
): Promise<void> {
  const file = GzipFile.create(path);
  try {
    await write(file);
    await file.finish();
  } catch (error) {
    file.abort();
    throw error;
  }
}
