import type { Separator } from "../../io/delimited.ts";
import { FileSink } from "../../io/file_sink.ts";
import { joinPath } from "../../io/paths.ts";
import type { CsvFormat } from "./csv_format.ts";
import type { LaneData } from "./lane_data.ts";
import { PROFILES_FILE } from "./standard_files.ts";

/** The tables of profiles of some lanes while they are written. */
export class LaneTables implements Disposable {
  readonly #separator: Separator;
  readonly #hasHeader: boolean;
  readonly #sinks = new Map<LaneData, FileSink>();
  readonly #encoder = new TextEncoder();

  /**
   * Creates the files, in the folders of the lanes, which exist.
   *
   * @param root The folder that they are in.
   * @param lanes The lanes.
   * @param format How the tables are laid out.
   */
  constructor(root: string, lanes: Iterable<LaneData>, format: CsvFormat) {
    this.#separator = format.separator;
    this.#hasHeader = format.fieldNames === undefined;
    for (const lane of lanes) {
      const path = joinPath(root, lane.folderName, PROFILES_FILE);
      this.#sinks.set(lane, FileSink.create(path));
    }
  }

  /**
   * Writes the header of each, where the format has one.
   *
   * @param names The names of the fields.
   */
  begin(names: readonly string[]): void {
    if (!this.#hasHeader) return;
    for (const lane of this.#sinks.keys()) this.add(lane, names);
  }

  /**
   * Adds a record.
   *
   * @param lane The lane that it is of.
   * @param fields The fields.
   */
  add(lane: LaneData, fields: readonly string[]): void {
    const separator = this.#separator;
    const texts = fields.map((field) => quoteField(field, separator));
    const line = `${texts.join(separator)}\n`;
    this.#sinks.get(lane)!.write(this.#encoder.encode(line));
  }

  /** Ends all files. */
  finish(): void {
    for (const sink of this.#sinks.values()) sink.finish();
    this.#sinks.clear();
  }

  /** Closes and removes those that were not finished. */
  [Symbol.dispose](): void {
    for (const sink of this.#sinks.values()) sink.abort();
    this.#sinks.clear();
  }
}

/** A field as RFC 4180 has it, in quotes only where it needs them. */
function quoteField(field: string, separator: Separator): string {
  const needsQuotes = field.includes(separator) || /["\r\n]/.test(field);
  return needsQuotes ? `"${field.replaceAll('"', '""')}"` : field;
}
