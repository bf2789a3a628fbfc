/** Inputs for the benchmark of the import: larger ones made from a real one. */
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { openByteStream } from "../src/io/byte_stream.ts";
import { MtxParser } from "../src/imports/mtx/mtx_parser.ts";

/** The entries of a matrix file, in memory. */
interface Entries {
  readonly rowsCount: number;
  readonly columnsCount: number;
  readonly rows: Uint32Array;
  readonly columns: Uint32Array;
  readonly counts: Uint32Array;
}

/** How a larger folder differs from the one that it is made from. */
export interface LargerOptions {
  /** How many times as many cells it has. */
  readonly times: number;
  /** Whether its lines come in a random order. */
  readonly isShuffled: boolean;
}

/**
 * Inflates a gzip file.
 *
 * @param from The path of the file.
 * @param to The path of the text.
 */
export async function unzip(from: string, to: string): Promise<void> {
  await pipeline(
    createReadStream(from),
    createGunzip(),
    createWriteStream(to),
  );
}

/**
 * Makes a 10x folder with several times the cells of another.
 *
 * @param from The path of the folder, as 10x names its files.
 * @param to The path of the new folder.
 * @param options How many times, and in which order.
 */
export async function makeLarger(
  from: string,
  to: string,
  options: LargerOptions,
): Promise<void> {
  await mkdir(to, { recursive: true });
  await copyFile(`${from}/genes.tsv`, `${to}/genes.tsv`);
  const barcodes = (await readFile(`${from}/barcodes.tsv`, "utf8")).trimEnd()
    .split("\n");
  const lines = Array.from(
    { length: options.times },
    (_, copy) => barcodes.map((barcode) => `${barcode}.${copy}\n`).join(""),
  );
  await writeFile(`${to}/barcodes.tsv`, lines.join(""));
  const entries = await readEntries(`${from}/matrix.mtx.gz`);
  await pipeline(
    Readable.from(writeText(entries, options)),
    createGzip({ level: 6 }),
    createWriteStream(`${to}/matrix.mtx.gz`),
  );
}

async function readEntries(path: string): Promise<Entries> {
  const parser = new MtxParser(path);
  let length = 0;
  let entries: Omit<Entries, "rowsCount" | "columnsCount"> | undefined;
  const keep = (count: number): void => {
    const total = parser.header?.entriesCount ?? 0;
    entries ??= {
      rows: new Uint32Array(total),
      columns: new Uint32Array(total),
      counts: new Uint32Array(total),
    };
    entries.rows.set(parser.rows.subarray(0, count), length);
    entries.columns.set(parser.columns.subarray(0, count), length);
    entries.counts.set(parser.counts.subarray(0, count), length);
    length += count;
  };
  for await (const chunk of openByteStream(path)) {
    const count = parser.parse(chunk);
    if (count > 0) keep(count);
  }
  const { rowsCount, columnsCount } = parser.header!;
  return { ...entries!, rowsCount, columnsCount };
}

function* writeText(
  entries: Entries,
  { times, isShuffled }: LargerOptions,
): Generator<string> {
  const { rows, columns, counts, rowsCount, columnsCount } = entries;
  const total = times * rows.length;
  yield "%%MatrixMarket matrix coordinate integer general\n%\n" +
    `${rowsCount} ${times * columnsCount} ${total}\n`;
  const step = isShuffled ? coprimeStep(total) : 1;
  let lines: string[] = [];
  for (
    let at = 0, index = 0;
    at < total;
    at++, index = (index + step) % total
  ) {
    const copy = Math.floor(index / rows.length);
    const entry = index - copy * rows.length;
    const column = columns[entry]! + copy * columnsCount + 1;
    lines.push(`${rows[entry]! + 1} ${column} ${counts[entry]}\n`);
    if (lines.length < 8192) continue;
    yield lines.join("");
    lines = [];
  }
  yield lines.join("");
}

/** A step that visits everything once and looks like no order at all. */
function coprimeStep(total: number): number {
  let step = Math.floor(total * 0.6180339887);
  while (commonDivisor(step, total) !== 1) step++;
  return step;
}

function commonDivisor(left: number, right: number): number {
  return right === 0 ? left : commonDivisor(right, left % right);
}
