import {
  type DataArray,
  takeDataArray,
  type TextData,
} from "../arrays/data_array.ts";
import { countOf } from "../io/plural.ts";
import { nameOfSourceData } from "../profiles/array_names.ts";
import { quote } from "./import_error.ts";
import type { ImportSource, SourceProfiles } from "./importer.ts";
import { checkMemberName, checkMembersApart } from "./member_names.ts";

/** More lanes than these would mean that the pattern takes in the barcode. */
const MOST_LANES = 1000;

/** The group that names the lane. */
const LANE = "lane";
/** The group of what is left as the barcode. */
const BARCODE = "barcode";

/**
 * What the barcodes of the Human Cell Atlas look like, in 10x HDF5 files of
 * version 2: `MantonBM1_HiSeq_1-AAACCTGAGCAGGTCA-1`.
 */
const HCA_PATTERN =
  /^(?<lane>(?<donor>[^_-]+)_[^-]*?[0-9]+)-(?<barcode>[ACGTN]+(?:-[0-9]+)?)$/;

/** Patterns that have a name. */
const PATTERNS: ReadonlyMap<string, RegExp> = new Map([["hca", HCA_PATTERN]]);

/** A lane of a source. */
export interface Lane {
  /** Its name. */
  readonly name: string;
  /** The indices of its profiles in the source. */
  readonly profiles: Uint32Array;
}

/** Which profiles of a source are of which lane. */
export interface SplitProfiles {
  /** The lanes, in the order in which the source has them. */
  readonly lanes: readonly Lane[];
  /** For each profile the index of its lane. */
  readonly laneOfProfile: Uint16Array;
  /** The profiles, with what the pattern found in their barcodes. */
  readonly profiles: SourceProfiles;
}

/**
 * Makes a regular expression that finds lanes in barcodes.
 *
 * @param pattern The expression or its text; or `hca`, for the barcodes of the
 * Human Cell Atlas.
 * @returns The expression.
 * @throws {SyntaxError} If it is none, or has no group.
 */
export function lanePattern(pattern: string | RegExp): RegExp {
  const named = typeof pattern === "string" ? PATTERNS.get(pattern) : undefined;
  const expression = named ?? compile(pattern);
  if (countGroups(expression) > 0) return expression;
  throw new SyntaxError(
    `Cannot split lanes by ${describe(expression)}: it has no group for the ` +
      "lane, as (?<lane>[^-]+)",
  );
}

/**
 * Splits the profiles of a source by the lane that their barcodes name: the
 * group `lane` of a pattern, or the first group. A group `barcode` is what is
 * kept as the barcode, which is the whole text without it; all other named
 * groups become data of the profiles.
 *
 * @param source The source.
 * @param pattern What {@linkcode lanePattern} gave.
 * @returns The lanes.
 * @throws {Error} If a barcode does not match, a lane is no name of a
 * container, or there are too many.
 */
export function splitLanes(
  source: Pick<ImportSource, "path" | "profiles">,
  pattern: RegExp,
): SplitProfiles {
  const { path, profiles } = source;
  const { barcodes } = profiles;
  if (barcodes === undefined) {
    throw new Error(`Cannot split ${path} by lanes: it has no barcodes`);
  }
  const found = new FoundLanes(path, pattern, barcodes.length);
  const wrong: string[] = [];
  for (const barcode of barcodes) {
    if (!found.add(barcode)) wrong.push(barcode);
  }
  if (wrong.length > 0) throw wrongBarcodes(path, pattern, wrong, barcodes);
  const lanes = found.lanes();
  for (const { name } of lanes) checkMemberName(path, "a lane", name);
  checkMembersApart(path, lanes);
  const columns = { ...profiles.columns };
  for (const [name, column] of Object.entries(found.columns())) {
    checkColumn(path, name, columns);
    columns[name] = column;
  }
  const split = { count: profiles.count, barcodes: found.barcodes, columns };
  return { lanes, laneOfProfile: found.laneOfProfile, profiles: split };
}

/**
 * Takes some of the profiles of a source.
 *
 * @param profiles The profiles.
 * @param indices Which of them.
 * @returns What the source says of those.
 */
export function takeProfiles(
  profiles: SourceProfiles,
  indices: Uint32Array,
): SourceProfiles {
  const columns: Record<string, DataArray> = {};
  for (const [name, column] of Object.entries(profiles.columns)) {
    columns[name] = takeDataArray(column, indices);
  }
  const { barcodes } = profiles;
  const count = indices.length;
  if (barcodes === undefined) return { count, columns };
  const own = Array.from(indices, (profile) => barcodes[profile]!);
  return { count, columns, barcodes: own };
}

/** What a pattern finds in barcodes that come one after the other. */
class FoundLanes {
  /** For each profile the index of its lane. */
  readonly laneOfProfile: Uint16Array;
  /** What is kept of each barcode. */
  readonly barcodes: string[] = [];
  readonly #path: string;
  readonly #pattern: RegExp;
  readonly #lanes = new Map<string, number>();
  /** The values of all groups with a name of their own. */
  readonly #values = new Map<string, (string | undefined)[]>();

  constructor(path: string, pattern: RegExp, count: number) {
    this.#path = path;
    this.#pattern = pattern;
    this.laneOfProfile = new Uint16Array(count);
  }

  /** Whether the barcode matches; all others are wrong once one does not. */
  add(barcode: string): boolean {
    this.#pattern.lastIndex = 0;
    const match = this.#pattern.exec(barcode);
    if (match === null) return false;
    const { [LANE]: named, [BARCODE]: kept, ...others } = match.groups ?? {};
    const lane = LANE in (match.groups ?? {}) ? named : match[1];
    const text = BARCODE in (match.groups ?? {}) ? kept : barcode;
    if (!lane || !text) return false;
    this.laneOfProfile[this.barcodes.length] = this.#indexOf(lane);
    this.barcodes.push(text);
    for (const [group, value] of Object.entries(others)) {
      const values = this.#values.get(group);
      if (values) values.push(value);
      else this.#values.set(group, [value]);
    }
    return true;
  }

  lanes(): Lane[] {
    const counts = new Uint32Array(this.#lanes.size);
    for (const lane of this.laneOfProfile) counts[lane]!++;
    const lanes = [...this.#lanes.keys()].map((name, lane) => {
      return { name, profiles: new Uint32Array(counts[lane]!) };
    });
    counts.fill(0);
    this.laneOfProfile.forEach((lane, profile) => {
      lanes[lane]!.profiles[counts[lane]!++] = profile;
    });
    return lanes;
  }

  columns(): Record<string, TextData> {
    const named = [...this.#values].map(([group, values]) =>
      [nameOfSourceData("p", group), asTexts(values)] as const
    );
    return Object.fromEntries(named);
  }

  #indexOf(lane: string): number {
    const known = this.#lanes.get(lane);
    if (known !== undefined) return known;
    const { size } = this.#lanes;
    if (size === MOST_LANES) {
      throw new Error(
        `Cannot split ${this.#path} by lanes: ${describe(this.#pattern)} ` +
          `finds more than ${MOST_LANES} lanes; is a part of the barcode in ` +
          "the group of the lane",
      );
    }
    this.#lanes.set(lane, size);
    return size;
  }
}

function wrongBarcodes(
  path: string,
  pattern: RegExp,
  wrong: readonly string[],
  { length }: readonly string[],
): Error {
  const match = wrong.length === 1 ? "does not match" : "do not match";
  const shown = wrong.slice(0, 5).map(quote).join(", ");
  const more = wrong.length > 5 ? ` and ${wrong.length - 5} more` : "";
  return new Error(
    `Cannot split ${path} by lanes: ${wrong.length} of its ` +
      `${countOf(length, "barcode")} ${match} ` +
      `${describe(pattern)}: ${shown}${more}`,
  );
}

function checkColumn(
  path: string,
  name: string,
  columns: Readonly<Record<string, DataArray>>,
): void {
  const other = Object.keys(columns)
    .find((known) => known.toLowerCase() === name.toLowerCase());
  if (other === undefined) return;
  throw new Error(
    `Cannot split ${path} by lanes: its profiles have data named ${other}, ` +
      `so no group can be named ${name}`,
  );
}

function asTexts(values: readonly (string | undefined)[]): TextData {
  const mask = Uint8Array.from(values, (text) => text === undefined ? 1 : 0);
  return {
    kind: "text",
    dtype: "string",
    values: values.map((text) => text ?? ""),
    ...mask.includes(1) && { mask },
  };
}

function compile(pattern: string | RegExp): RegExp {
  if (pattern instanceof RegExp) return pattern;
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    throw new SyntaxError(
      `Cannot split lanes by ${quote(pattern)}: it is no regular expression`,
      { cause: error },
    );
  }
}

/** With an empty alternative it matches anything, and shows its groups. */
function countGroups({ flags, source }: RegExp): number {
  return new RegExp(`${source}|`, flags.replaceAll("y", "")).exec("")!.length -
    1;
}

function describe({ source }: RegExp): string {
  return `the pattern ${quote(source)}`;
}
