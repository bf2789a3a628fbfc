/** The options of `metacell import`, and what they say to the library. */
import type { ImportCollectionOptions } from "../imports/import_collection.ts";
import type { ImportOptions } from "../imports/import_options.ts";
import type { SourceOptions } from "../imports/importer.ts";
import { IMPORTERS } from "../imports/registry.ts";
import { lanePattern } from "../imports/split_lanes.ts";
import {
  FORCE_OPTION,
  GENES_SET_OPTION,
  JSON_OPTION,
} from "./global_options.ts";
import { openGenes } from "./open_profiles.ts";
import type { OptionSpec, ParsedArguments } from "./options.ts";
import { UsageError } from "./usage_error.ts";

const DUPLICATES = ["suffix", "sum", "error"] as const;
const GENES_IN = ["rows", "columns"] as const;
const JOINS = ["union", "intersection"] as const;

/** What a profile is, unless `--kind` says so. */
const DEFAULT_KIND = "cells";

/** What the letter behind a size stands for. */
const UNITS = ["", "k", "m", "g"];

/** The options that say how sources are read, which several commands take. */
export const SOURCE_OPTIONS: readonly OptionSpec[] = [
  {
    name: "layer",
    value: "LAYER",
    description:
      "The matrix to import of AnnData: X, raw.X, or the name of a " +
      "layer; by default the first that holds counts",
  },
  {
    name: "features",
    value: "TYPE",
    description: 'The type of features to keep, or "all"; by default ' +
      '"Gene Expression"',
  },
  {
    name: "genome",
    value: "GENOME",
    description: "The genome to import, where the source has several",
  },
  {
    name: "genes-in",
    value: "WHERE",
    choices: GENES_IN,
    description: "Where genes are in the matrix, by default in its rows",
  },
  {
    name: "separator",
    value: "CHARACTER",
    description: "What separates the fields of a table, as ; or tab, where " +
      "it is not to be guessed",
  },
  {
    name: "columns",
    value: "GENE,CELL,COUNT",
    description: "The columns of a table of triplets, by their names or " +
      "numbers from 1, where they are not to be guessed",
  },
  {
    name: "gene-names",
    value: "COLUMN",
    description: "What genes are called by: name (the default), id, or " +
      "another column that the source has of them",
  },
  {
    name: "duplicate-genes",
    value: "HOW",
    choices: DUPLICATES,
    description: "What to do with genes of one name: number them by suffix " +
      "(the default), sum them, or stop with an error",
  },
];

/** The options of `metacell import`, in the order of help. */
export const IMPORT_OPTIONS: readonly OptionSpec[] = [
  {
    name: "from",
    value: "FORMAT",
    choices: IMPORTERS.map(({ name }) => name),
    description: "The format of the source, where it is not to be guessed",
  },
  ...SOURCE_OPTIONS,
  {
    name: "join",
    value: "HOW",
    choices: JOINS,
    description: "Of several sources, keep the genes of any (the default) " +
      "or those of all",
  },
  {
    ...GENES_SET_OPTION,
    description: "Take the genes of this set instead of making one",
  },
  {
    name: "allow-missing-genes",
    description: "Leave out genes that --genes-set does not have",
  },
  {
    name: "split-lanes",
    value: "PATTERN",
    description: "Make a batch of each lane, which a regular expression " +
      "finds in the barcodes by its group (?<lane>...) or its first group; a " +
      "group barcode is what is kept of them, others become data; hca stands " +
      "for the pattern of the Human Cell Atlas",
  },
  {
    name: "split-bytes",
    value: "SIZE",
    description: "Split a batch into parts whose matrix files have at most " +
      "so many bytes, as 500M; by default 4G, the most that they can have",
  },
  {
    name: "organism",
    value: "NAME",
    description: "The organism; by default what the ids of the genes say",
  },
  {
    name: "kind",
    value: "KIND",
    description: 'What a profile is, by default "cells"',
  },
  FORCE_OPTION,
  JSON_OPTION,
];

/**
 * Reads what a command line says of an import.
 *
 * @param parsed The command line.
 * @returns Only what was given, as the library knows what else to do; but the
 * kind of the profiles always.
 * @throws {UsageError} If options do not go together, or one can't be parsed.
 */
export async function readImportOptions(
  parsed: ParsedArguments,
): Promise<ImportCollectionOptions & { readonly profilesKind: string }> {
  const join = parsed.choice("join", JOINS);
  if (join !== undefined && parsed.text("genes-set") !== undefined) {
    throw new UsageError("--join makes a genes set, and --genes-set names one");
  }
  const from = parsed.text("from");
  const matrixBytes = readSize(parsed.text("split-bytes"));
  const splitLanes = readPattern(parsed.text("split-lanes"));
  const genesSet = await openGenes(parsed);
  return {
    profilesKind: parsed.text("kind") ?? DEFAULT_KIND,
    force: parsed.flag("force"),
    allowMissingGenes: parsed.flag("allow-missing-genes"),
    ...readSourceOptions(parsed),
    ...(from !== undefined && { from }),
    ...(join !== undefined && { join }),
    ...(matrixBytes !== undefined && { matrixBytes }),
    ...(splitLanes !== undefined && { splitLanes }),
    ...(genesSet !== undefined && { genesSet }),
  };
}

/**
 * Reads what a command line says of how sources are read.
 *
 * @param parsed The command line, of a command with {@linkcode SOURCE_OPTIONS}
 * and `--organism`.
 * @returns Only what was given.
 */
export function readSourceOptions(
  parsed: ParsedArguments,
): SourceOptions & Pick<ImportOptions, "duplicateGenes" | "organism"> {
  const genesIn = parsed.choice("genes-in", GENES_IN);
  const duplicateGenes = parsed.choice("duplicate-genes", DUPLICATES);
  const columns = parsed.text("columns")?.split(",");
  return {
    ...readTexts(parsed),
    ...(genesIn !== undefined && { genesIn }),
    ...(duplicateGenes !== undefined && { duplicateGenes }),
    ...(columns !== undefined && { columns }),
  };
}

/** The options that are passed on as they were typed. */
const TEXTS = {
  "layer": "layer",
  "features": "features",
  "genome": "genome",
  "separator": "separator",
  "gene-names": "geneNames",
  "organism": "organism",
} as const;

function readTexts(
  parsed: ParsedArguments,
): Partial<Record<(typeof TEXTS)[keyof typeof TEXTS], string>> {
  const given = Object.entries(TEXTS)
    .map(([option, key]) => [key, parsed.text(option)] as const)
    .filter(([, text]) => text !== undefined);
  return Object.fromEntries(given);
}

/** A pattern that is none is wrong before there is any source. */
function readPattern(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    lanePattern(text);
    return text;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A size as `500M`: units are powers of 1,024. */
function readSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)([kmg]?)(?:i?b)?$/i.exec(text);
  const unit = UNITS.indexOf(match?.[2]?.toLowerCase() ?? "");
  const size = Math.floor(Number(match?.[1]) * 1024 ** unit);
  if (size > 0 && Number.isSafeInteger(size)) return size;
  throw new UsageError(
    `--split-bytes can't be ${text}: it is a size as 500M or 4G`,
  );
}
