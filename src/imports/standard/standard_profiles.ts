/** The table of profiles in the multi-lane standard format. */
import { lineError, quote } from "../import_error.ts";
import type { StandardFields } from "./standard_table.ts";

/** The field that says which lane a profile is of. */
export const LANE_FIELD = "lane";
/** The fields that name a profile, the first of them that is there. */
const BARCODE_FIELDS: readonly string[] = ["barcode", "name"];

/** Finds what names profiles, and checks that no two of a lane are the same. */
export class ProfileFields {
  /** The path of the table. */
  readonly path: string;
  /** The place of the barcode, or -1. */
  readonly barcodeAt: number;
  /** The place of the lane, or -1. */
  readonly laneAt: number;
  readonly #lineOf = new Map<string, Map<string, number>>();

  /** @param fields The fields of the table. */
  constructor(fields: StandardFields) {
    this.path = fields.path;
    this.barcodeAt = fields.find(...BARCODE_FIELDS);
    this.laneAt = fields.find(LANE_FIELD);
  }

  /** How many lanes there are so far. */
  get lanesCount(): number {
    return this.#lineOf.size;
  }

  /**
   * Checks the barcode of the next profile.
   *
   * @param fields Its fields.
   * @param line The line that it is on.
   * @throws {SyntaxError} If the barcode is empty, or its lane has it already;
   * with the line.
   */
  check(fields: readonly string[], line: number): void {
    const { barcodeAt, laneAt, path } = this;
    const lane = laneAt < 0 ? "" : fields[laneAt]!;
    const lines = this.#lineOf.get(lane) ?? new Map<string, number>();
    this.#lineOf.set(lane, lines);
    if (barcodeAt < 0) return;
    const barcode = fields[barcodeAt]!;
    if (barcode === "") throw lineError(path, line, "the barcode is empty");
    const before = lines.get(barcode);
    lines.set(barcode, line);
    if (before === undefined) return;
    const where = laneAt < 0 ? "" : ` in the lane ${quote(lane)}`;
    const why = `the barcode ${quote(barcode)} is there already${where}, on ` +
      `line ${before}`;
    throw lineError(path, line, why);
  }
}
