import { drawKneePlot } from "../plot/knee_plot.ts";
import type { Style } from "../style.ts";
import { formatBytes, formatCount } from "../text.ts";
import type { DeviceTotals } from "./total_everywhere.ts";

/** What the demo did and found. */
export interface DemoFacts {
  /** The folder as Cell Ranger writes it. */
  readonly source: string;
  /** The container. */
  readonly container: string;
  /** How long the source took to make. */
  readonly makeSeconds: number;
  /** How long the import took. */
  readonly importSeconds: number;
  /** What each device took for the totals, which are the same on all. */
  readonly devices: readonly DeviceTotals[];
  /** The size of the source. */
  readonly sourceBytes: number;
  /** The size of the container. */
  readonly containerBytes: number;
  /** The size of its counts. */
  readonly matrixBytes: number;
  /** The number of counts that are not zero. */
  readonly entriesCount: number;
  /** The names of the profiles. */
  readonly profileNames: readonly string[];
  /** The UMIs of each. */
  readonly profileTotals: Float64Array;
  /** The names of the genes. */
  readonly geneNames: readonly string[];
  /** The UMIs of each. */
  readonly geneTotals: Float64Array;
}

/** How to show it. */
export interface DemoReportOptions {
  /** How the program is started. */
  readonly program: string;
  /** Characters that fit on a line. */
  readonly columns: number;
  /** Whether more than ASCII can be drawn. */
  readonly isUnicode: boolean;
  /** How to mark it up. */
  readonly style: Style;
}

const PLOT_ROWS = 16;
const MOST_COLUMNS = 100;
const SHOWN = 5;

/**
 * Shows what the demo did and found.
 *
 * @param facts What that is.
 * @param options How to show it.
 * @returns Lines, each ended.
 */
export function describeDemo(
  facts: DemoFacts,
  options: DemoReportOptions,
): string {
  const { style } = options;
  const columns = Math.min(options.columns, MOST_COLUMNS);
  return [
    style.bold(describeSize(facts)),
    ...describeSteps(facts, style),
    "",
    ...describeTotals(facts, style),
    "",
    drawKneePlot(facts.profileTotals, {
      ...options,
      columns,
      rows: PLOT_ROWS,
    }),
    ...describeNext(facts, options),
    "",
  ].join("\n");
}

function describeSize(facts: DemoFacts): string {
  const { profileTotals, geneTotals, entriesCount } = facts;
  const umis = profileTotals.reduce((sum, total) => sum + total, 0);
  return `${formatCount(profileTotals.length)} barcodes x ` +
    `${formatCount(geneTotals.length)} genes, ` +
    `${formatCount(entriesCount)} counts, ${formatCount(umis)} UMIs`;
}

function describeSteps(facts: DemoFacts, style: Style): string[] {
  const { sourceBytes, containerBytes, matrixBytes, entriesCount } = facts;
  const perEntry = (bytes: number) =>
    `${(bytes / entriesCount).toFixed(2)} B a count`;
  const rows = [
    [
      "made",
      facts.source,
      facts.makeSeconds,
      `${formatBytes(sourceBytes)}, ${perEntry(sourceBytes)}`,
    ],
    [
      "imported",
      facts.container,
      facts.importSeconds,
      `${formatBytes(containerBytes)}, ${perEntry(matrixBytes)}`,
    ],
    ...facts.devices.map(({ device, seconds }, at) =>
      [
        "totalled",
        // What a driver adds to the name would not leave room for the rest.
        `by ${device.replace(/ \(.*\)$/, "")}`,
        seconds,
        at === 0 ? "barcodes and genes" : "the same bits",
      ] as const
    ),
  ] as const;
  const width = Math.max(...rows.map(([, what]) => what.length));
  return rows.map(([verb, what, seconds, size]) =>
    `  ${style.green(verb.padEnd(8))} ${what.padEnd(width)} ` +
    `${seconds.toFixed(2).padStart(6)} s  ${style.dim(size)}`.trimEnd()
  );
}

function describeTotals(facts: DemoFacts, style: Style): string[] {
  const top = [...facts.geneTotals.keys()]
    .sort((a, b) => facts.geneTotals[b]! - facts.geneTotals[a]!);
  const row = (name: string, total: number) =>
    `${name.padEnd(20)}${formatCount(total).padStart(8)}`;
  const heading = (text: string) => style.bold(text.padEnd(20) + "    UMIs");
  const lines = [
    `  ${heading("First barcodes")}      ${heading("Top genes")}`,
  ];
  for (let at = 0; at < SHOWN; at++) {
    const profile = row(facts.profileNames[at]!, facts.profileTotals[at]!);
    const gene = row(facts.geneNames[top[at]!]!, facts.geneTotals[top[at]!]!);
    lines.push(`  ${profile}      ${gene}`);
  }
  return lines;
}

function describeNext(
  { container }: DemoFacts,
  { program, style }: DemoReportOptions,
): string[] {
  const line = (what: string, command: string) =>
    `  ${what.padEnd(14)} ${style.cyan(`${program} ${command}`)}`;
  return [
    style.bold("Now you"),
    line("these totals", `totals ${container} --per profile`),
    line("your own data", "import FOLDER_WITH_MATRIX_MTX my-cells"),
  ];
}
