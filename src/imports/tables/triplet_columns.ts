/** Which columns of a table of triplets are genes, cells and counts. */
import { countOf } from "../../io/plural.ts";
import { namesLookLike } from "./dense_table_axes.ts";
import { quote } from "../import_error.ts";
import { parseCount } from "../mtx/mtx_number.ts";

/** What a triplet is made of. */
export type TripletPart = "gene" | "cell" | "count";

/** The places of the three columns, from 0. */
export type TripletColumns = Readonly<Record<TripletPart, number>>;

/** The first lines of a table, field by field. */
export interface TripletSample {
  /** The fields of the first line, which may be a header. */
  readonly first: readonly string[];
  /** The fields of the lines after it, at least of one, alike in number. */
  readonly rows: readonly (readonly string[])[];
}

/** What the lines of a table mean. */
export interface TripletMeaning {
  /** The columns. */
  readonly columns: TripletColumns;
  /** Whether the first line is a header. */
  readonly hasHeader: boolean;
}

const PARTS: readonly TripletPart[] = ["gene", "cell", "count"];

/** Names of columns, in lower case and without what is no letter or digit. */
const HEADERS: Readonly<Record<TripletPart, readonly string[]>> = {
  gene: (
    "gene genes geneid genename genesymbol symbol feature features featureid " +
    "featurename ensembl ensemblid ensemblgeneid"
  ).split(" "),
  cell: (
    "cell cells cellid cellname cellbarcode barcode barcodes cb profile well"
  ).split(" "),
  count: "count counts umi umis umicount umicounts numi numis n value x"
    .split(" "),
};

/** Says how columns are named, where nothing else tells. */
const HINT = "`columns` names them: gene, cell, count, or their numbers from 1";

/**
 * Finds the columns by the names in the header.
 *
 * @param header The fields of the header.
 * @returns The columns; undefined where one is missing; a text that says why
 * where several could be the same.
 */
export function findByHeader(
  header: readonly string[],
): TripletColumns | string | undefined {
  const columns: Partial<Record<TripletPart, number>> = {};
  for (const part of PARTS) {
    const found = header.flatMap((name, at) =>
      HEADERS[part].includes(plainName(name)) ? [at] : []
    );
    if (found.length === 0) return undefined;
    if (found.length > 1) {
      const names = found.map((at) => quote(header[at]!)).join(" and ");
      return `the columns ${names} may both be that of the ${part}: ${HINT}`;
    }
    columns[part] = found[0]!;
  }
  return columns as TripletColumns;
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/**
 * Whether the fields of lines are those of triplets: the names in the header
 * say so, or there are three columns, of which one alone has numbers.
 *
 * @param sample The first lines.
 * @returns True where they are, whether or not it is clear what is what.
 */
export function areTriplets(sample: TripletSample): boolean {
  if (findByHeader(alignedHeader(sample)) !== undefined) return true;
  return sample.rows[0]!.length === 3 && countColumn(sample) !== undefined;
}

/**
 * Decides what the columns are: by what the caller says, by the header, else by
 * what is in them.
 *
 * @param sample The first lines.
 * @param named The columns of gene, cell and count, by the names in the header
 * or by their numbers from 1.
 * @returns The meaning, or a text that says why it is not clear.
 */
export function findMeaning(
  sample: TripletSample,
  named?: readonly string[],
): TripletMeaning | string {
  const header = alignedHeader(sample);
  if (named !== undefined) return findNamed(header, sample, named);
  const byHeader = findByHeader(header);
  if (typeof byHeader === "string") return byHeader;
  if (byHeader) return { columns: byHeader, hasHeader: true };
  return findByContent(sample);
}

/** R leaves out the field above the names of rows. */
function alignedHeader({ first, rows }: TripletSample): readonly string[] {
  return first.length < rows[0]!.length ? ["", ...first] : first;
}

function findNamed(
  header: readonly string[],
  sample: TripletSample,
  named: readonly string[],
): TripletMeaning | string {
  if (named.length !== 3) {
    return countOf(named.length, "column is", "columns are") +
      " named, and a triplet has three: " +
      "gene, cell, count";
  }
  const places = named.map((name) => placeOf(name, header));
  const missing = places.indexOf(-1);
  if (missing >= 0) {
    const known = header.map((name) => quote(name)).join(", ");
    return `it has no column ${quote(named[missing]!)}; there are ${known}`;
  }
  const [gene = 0, cell = 0, count = 0] = places;
  if (new Set(places).size < 3) return "a column is named twice";
  const isByName = !named.every(isPlace);
  const hasHeader = isByName || !isNumber(sample.first[count] ?? "") ||
    sample.first.length < sample.rows[0]!.length;
  return { columns: { gene, cell, count }, hasHeader };
}

function placeOf(name: string, header: readonly string[]): number {
  if (!isPlace(name)) return header.indexOf(name);
  return Number(name) <= header.length ? Number(name) - 1 : -1;
}

/** A number is a place, also where a header has it for a name. */
function isPlace(name: string): boolean {
  return /^[1-9]\d{0,5}$/.test(name);
}

/** Without names of columns, names of cells have to look like some. */
function findByContent(sample: TripletSample): TripletMeaning | string {
  const { first, rows } = sample;
  const count = countColumn(sample);
  const isThree = rows[0]!.length === 3;
  if (!isThree || count === undefined) {
    return `it is not clear which columns are genes, cells and counts: ${HINT}`;
  }
  const hasHeader = first.length < 3 || !isNumber(first[count]!);
  const all = hasHeader ? rows : [first, ...rows];
  const [left, right] = [0, 1, 2].filter((at) => at !== count) as [
    number,
    number,
  ];
  const isCells = (at: number) =>
    namesLookLike([...new Set(all.map((fields) => fields[at]!))]) === "cells";
  if (isCells(left) === isCells(right)) {
    const what = hasHeader
      ? `the header ${quote(first.join(" "))} does not tell`
      : "it has no header, and its names do not tell";
    return `${what} which column has genes and which cells: ${HINT}`;
  }
  const columns = isCells(right)
    ? { gene: left, cell: right, count }
    : { gene: right, cell: left, count };
  return { columns, hasHeader };
}

/** The column that has numbers in all rows, where others rarely have any. */
function countColumn({ rows }: TripletSample): number | undefined {
  const numbers = rows[0]!.map((_, at) =>
    rows.filter((fields) => isNumber(fields[at]!)).length
  );
  const found = numbers.indexOf(rows.length);
  const isAlone = numbers.every((count, at) =>
    at === found || 2 * count < rows.length
  );
  return found >= 0 && isAlone ? found : undefined;
}

/** Whether a field has a count, or what would be one if it were whole. */
function isNumber(text: string): boolean {
  const bytes = new TextEncoder().encode(text.trim());
  return parseCount(bytes, 0, bytes.length) !== -1;
}
