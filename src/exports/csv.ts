/** A dense table with the names of genes and profiles. */
import type { FileSink } from "../io/file_sink.ts";
import type { Exporter } from "./exporter.ts";
import { startsWith, withSink } from "./export_file.ts";
import type { ExportSource } from "./export_source.ts";
import { TextBuffer } from "./text_buffer.ts";

/** The most counts that are held at once to turn the matrix around. */
const MOST_COUNTS = 1 << 23;
const COMMA = 44;
const NEWLINE = 10;

/** What stands above the names of the rows, by what they are. */
const CORNERS = { rows: "gene", columns: "barcode" } as const;

/** The exporter of CSV files. */
export const CSV: Exporter = {
  name: "csv",
  summary: "a dense CSV file, genes in rows or columns",
  ending: ".csv",
  holds: () => false,
  hasNames: true,
  isReplaceable: (path) =>
    Object.values(CORNERS).some((corner) => startsWith(path, `${corner},`)),
  async write(source, path, { genesIn = "rows" }) {
    await withSink(path, async (sink) => {
      const table = new TableWriter(sink);
      const { geneNames, profileNames } = source;
      table.header(
        CORNERS[genesIn],
        genesIn === "rows" ? profileNames : geneNames,
      );
      if (genesIn === "rows") await writeGenes(source, table);
      else await writeProfiles(source, table);
      table.finish();
    });
  },
};

async function writeProfiles(
  source: ExportSource,
  table: TableWriter,
): Promise<void> {
  const dense = new Uint32Array(source.genesCount);
  for await (const { firstProfile, rows } of source.rows()) {
    rows.forEach(({ genes, counts }, at) => {
      dense.fill(0);
      genes.forEach((gene, entry) => dense[gene] = counts[entry]!);
      table.row(source.profileNames[firstProfile + at]!, dense);
    });
  }
}

/** Profiles are stored together: some genes at a time are a pass over all. */
async function writeGenes(
  source: ExportSource,
  table: TableWriter,
): Promise<void> {
  const { genesCount, profiles, profilesCount } = source;
  const most = Math.floor(MOST_COUNTS / Math.max(1, profilesCount));
  const atOnce = Math.max(1, most);
  source.passes = Math.ceil(genesCount / atOnce);
  const row = new Uint32Array(profilesCount);
  for (let first = 0; first < genesCount; first += atOnce) {
    const length = Math.min(atOnce, genesCount - first);
    const geneIndices = Array.from({ length }, (_, at) => first + at);
    const advance = (count: number) => source.advance(count);
    const { data } = await profiles.matrix("gp", "umis", "uint32", {
      geneIndices,
      advance,
    });
    for (let gene = 0; gene < length; gene++) {
      for (let profile = 0; profile < profilesCount; profile++) {
        row[profile] = data[gene + length * profile]!;
      }
      table.row(source.geneNames[first + gene]!, row);
    }
    await source.pause();
  }
}

/** Lines of a table, a name first. */
class TableWriter {
  readonly #sink: FileSink;
  readonly #text = new TextBuffer();

  constructor(sink: FileSink) {
    this.#sink = sink;
  }

  header(corner: string, names: readonly string[]): void {
    this.#text.addText(corner);
    for (const name of names) {
      this.#text.addText(`,${quoteField(name)}`);
      this.#flush();
    }
    this.#text.addText("\n");
  }

  row(name: string, counts: Uint32Array): void {
    this.#text.addText(quoteField(name));
    this.#text.addText(counts.length > 0 ? "," : "\n");
    const last = counts.length - 1;
    for (let at = 0; at <= last; at++) {
      this.#text.addNumber(counts[at]!, at < last ? COMMA : NEWLINE);
      if (this.#text.isFull) this.#flush();
    }
    this.#flush();
  }

  finish(): void {
    this.#sink.write(this.#text.take());
  }

  #flush(): void {
    if (this.#text.isFull) this.#sink.write(this.#text.take());
  }
}

/** As RFC 4180 says. */
function quoteField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
