import type { DataKind } from "../profiles/array_names.ts";
import type { ExportSource } from "./export_source.ts";

/** What an exporter can be asked for. */
export interface ExporterOptions {
  /** Whether a table has its genes in rows or columns; `rows` if unset. */
  readonly genesIn?: "rows" | "columns";
}

/** Writes one format. */
export interface Exporter {
  /** What the option `to` calls the format. */
  readonly name: string;
  /** What the format is, for people. */
  readonly summary: string;
  /** How names of such files end, as `.npz`; undefined for a folder. */
  readonly ending: string | undefined;
  /** Whether it holds the names of genes and profiles. */
  readonly hasNames: boolean;
  /**
   * Whether the format holds data beside the names and the counts.
   *
   * @param kind The kind of the data.
   * @param name The name, without the kind.
   */
  holds(kind: DataKind, name: string): boolean;
  /**
   * Whether what is at a path may be replaced: it looks like what this writes.
   *
   * @param path The path of something that exists.
   */
  isReplaceable(path: string): boolean;
  /**
   * Writes an export.
   *
   * @param source What is exported.
   * @param path Where nothing is yet, or an empty folder where the format is
   * a folder; who calls this moves it into place.
   * @param options What was asked for.
   */
  write(
    source: ExportSource,
    path: string,
    options: ExporterOptions,
  ): Promise<void>;
}
