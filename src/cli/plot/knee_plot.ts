import type { Style } from "../style.ts";
import { formatCount } from "../text.ts";
import { Canvas, type Layer } from "./canvas.ts";
import { findKnee, type Knee, type RankPoint } from "./knee.ts";

/** How to draw. */
export interface KneePlotOptions {
  /** Characters that fit on a line. */
  readonly columns: number;
  /** Lines of the plot itself, without axis and labels. */
  readonly rows: number;
  /** Whether braille and lines can be drawn. */
  readonly isUnicode: boolean;
  /** How to mark it up. */
  readonly style: Style;
}

/** Characters that lines and marks are made of. */
interface Glyphs {
  readonly vertical: string;
  readonly horizontal: string;
  readonly tickLeft: string;
  readonly tickBelow: string;
  readonly corner: string;
  readonly knee: string;
  readonly inflection: string;
}

const UNICODE: Glyphs = {
  vertical: "│",
  horizontal: "─",
  tickLeft: "┤",
  tickBelow: "┬",
  corner: "└",
  knee: "●",
  inflection: "◆",
};
const ASCII: Glyphs = {
  vertical: "|",
  horizontal: "-",
  tickLeft: "+",
  tickBelow: "+",
  corner: "+",
  knee: "K",
  inflection: "I",
};

const LABEL_WIDTH = 6;
const NEARLY = 0.15;
const LEGEND_COLUMN = 2;

/** What stands in the place of a character, by `row:column`, painted. */
type Marks = Map<string, string>;

/**
 * Draws the totals of barcodes, ranked, on logarithmic axes, and marks where
 * cells end.
 *
 * @param totals The totals, in any order.
 * @param options How to draw.
 * @returns Lines, each ended.
 */
export function drawKneePlot(
  totals: ArrayLike<number>,
  options: KneePlotOptions,
): string {
  const ranked = Float64Array.from(totals).sort().reverse();
  const plot = new KneePlot(ranked, options);
  return plot.render();
}

class KneePlot {
  readonly #ranked: Float64Array;
  readonly #style: Style;
  readonly #glyphs: Glyphs;
  readonly #columns: number;
  readonly #rows: number;
  readonly #canvas: Canvas;
  readonly #knee: Knee | undefined;
  readonly #thickness: number;
  readonly #logRanks: number;
  readonly #logTotals: number;

  constructor(ranked: Float64Array, options: KneePlotOptions) {
    this.#ranked = ranked;
    this.#style = options.style;
    this.#glyphs = options.isUnicode ? UNICODE : ASCII;
    this.#columns = Math.max(30, options.columns - LABEL_WIDTH - 3);
    this.#rows = options.rows;
    this.#canvas = new Canvas(this.#columns, this.#rows, options.isUnicode);
    this.#thickness = options.isUnicode ? 2 : 1;
    this.#knee = findKnee(ranked);
    this.#logRanks = axisEnd(Math.log10(Math.max(10, ranked.length)));
    this.#logTotals = Math.log10(Math.max(10, ranked[0] ?? 0)) * 1.02;
  }

  render(): string {
    this.#drawGrid();
    this.#drawCurve();
    const marks = this.#placeMarks();
    const lines = Array.from(
      { length: this.#rows },
      (_, row) => this.#renderRow(row, marks),
    );
    const title = `${" ".repeat(LABEL_WIDTH + 1)}` +
      this.#style.dim("UMIs of a barcode");
    return [title, ...lines, ...this.#renderAxis(), ""].join("\n");
  }

  /** Dots at the powers of ten, so that the eye can read a value off. */
  #drawGrid(): void {
    const { width, height } = this.#canvas;
    for (const power of powersWithin(this.#logTotals)) {
      const y = this.#y(10 ** power);
      for (let x = 0; x < width; x += 4) this.#canvas.draw(x, y, "grid");
    }
    for (const power of powersWithin(this.#logRanks)) {
      const x = this.#x(10 ** power);
      for (let y = 0; y < height; y += 4) this.#canvas.draw(x, y, "grid");
    }
  }

  /** A line, with the ranks of cells in their own colour. */
  #drawCurve(): void {
    const lastCell = this.#knee?.inflection.rank ?? this.#ranked.length;
    let before: number | undefined;
    const end = this.#x(Math.max(1, this.#ranked.length));
    for (let x = 0; x <= end; x++) {
      const rank = this.#rankAt(x);
      const total = this.#ranked[rank - 1] ?? 0;
      if (total < 1) break;
      const y = this.#y(total);
      const layer: Layer = rank <= lastCell ? "cells" : "background";
      const from = Math.min(y, before === undefined ? y : before + 1);
      for (let at = from; at < y + this.#thickness; at++) {
        this.#canvas.draw(x, at, layer);
      }
      before = y;
    }
  }

  #placeMarks(): Marks {
    const marks: Marks = new Map();
    if (this.#knee === undefined) return marks;
    const { knee, inflection } = this.#knee;
    const { yellow, bold } = this.#style;
    for (
      const [point, glyph] of [
        [inflection, this.#glyphs.inflection],
        [knee, this.#glyphs.knee],
      ] as const
    ) marks.set(this.#characterOf(point), yellow(bold(glyph)));
    this.#placeLegend(marks, this.#knee);
    return marks;
  }

  /** The lower left is always free: totals only fall. */
  #placeLegend(marks: Marks, { knee, inflection }: Knee): void {
    const { yellow, green } = this.#style;
    const line = this.#glyphs.horizontal.repeat(2);
    const texts: [string, string, (text: string) => string][] = [
      [line, "cells", green],
      [line, "background", (text) => text],
      [this.#glyphs.knee, describePoint("knee", knee), yellow],
      [
        this.#glyphs.inflection,
        describePoint("inflection", inflection),
        yellow,
      ],
    ];
    const firstRow = Math.round(this.#rows * 0.6);
    texts.forEach(([sign, text, paint], at) => {
      const plain = ` ${sign.padEnd(3)}${text} `;
      const painted = ` ${paint(sign.padEnd(3))}${text} `;
      for (let letter = 0; letter < plain.length; letter++) {
        const place = `${firstRow + at}:${LEGEND_COLUMN + letter}`;
        marks.set(place, letter === 0 ? painted : "");
      }
    });
  }

  #characterOf({ rank, total }: RankPoint): string {
    const across = this.#canvas.width / this.#columns;
    const down = this.#canvas.height / this.#rows;
    const column = Math.floor(this.#x(rank) / across);
    return `${Math.floor(this.#y(total) / down)}:${column}`;
  }

  #renderRow(row: number, marks: Marks): string {
    const label = this.#labelOf(row);
    const edge = label === "" ? this.#glyphs.vertical : this.#glyphs.tickLeft;
    const start = this.#style.dim(`${label.padStart(LABEL_WIDTH)} ${edge}`);
    return (start + this.#renderDots(row, marks)).trimEnd();
  }

  #renderDots(row: number, marks: Marks): string {
    let column = 0;
    let text = "";
    for (const { text: dots, layer } of this.#canvas.runs(row)) {
      let plain = "";
      for (const dot of dots) {
        const mark = marks.get(`${row}:${column++}`);
        if (mark === undefined) {
          plain += dot;
          continue;
        }
        text += this.#paint(plain, layer) + mark;
        plain = "";
      }
      text += this.#paint(plain, layer);
    }
    return text;
  }

  #paint(text: string, layer: Layer | undefined): string {
    if (layer === "cells") return this.#style.green(text);
    return layer === "grid" ? this.#style.dim(text) : text;
  }

  #labelOf(row: number): string {
    const down = this.#canvas.height / this.#rows;
    const power = powersWithin(this.#logTotals)
      .find((each) => Math.floor(this.#y(10 ** each) / down) === row);
    return power === undefined ? "" : shortNumber(10 ** power);
  }

  #renderAxis(): string[] {
    const across = this.#canvas.width / this.#columns;
    const line = new Array<string>(this.#columns).fill(this.#glyphs.horizontal);
    const labels = new Array<string>(this.#columns + LABEL_WIDTH).fill(" ");
    for (const power of powersWithin(this.#logRanks)) {
      const column = Math.floor(this.#x(10 ** power) / across);
      line[column] = this.#glyphs.tickBelow;
      const label = shortNumber(10 ** power);
      const start = Math.max(0, column - Math.floor((label.length - 1) / 2));
      [...label].forEach((letter, at) => labels[start + at] = letter);
    }
    const indent = " ".repeat(LABEL_WIDTH + 1);
    const title = "barcodes, by rank";
    const end = indent + title.padStart(this.#columns);
    return [
      this.#style.dim(indent + this.#glyphs.corner + line.join("")),
      this.#style.dim(`${indent} ${labels.join("").trimEnd()}`),
      this.#style.dim(end),
    ];
  }

  #x(rank: number): number {
    const part = Math.log10(rank) / this.#logRanks;
    return Math.round(part * (this.#canvas.width - 1));
  }

  #y(total: number): number {
    const part = Math.log10(total) / this.#logTotals;
    const highest = this.#canvas.height - this.#thickness;
    return Math.max(0, Math.round((1 - part) * highest));
  }

  #rankAt(x: number): number {
    const part = x / (this.#canvas.width - 1);
    const rank = Math.round(10 ** (part * this.#logRanks));
    return Math.min(Math.max(rank, 1), this.#ranked.length);
  }
}

function describePoint(name: string, { rank, total }: RankPoint): string {
  return `${name.padEnd(11)}${formatCount(total).padStart(6)} UMIs` +
    `${formatCount(rank).padStart(8)} barcodes at or above`;
}

/** A power of ten that is nearly reached is worth its tick. */
function axisEnd(log: number): number {
  const power = Math.ceil(log);
  return power - log < NEARLY ? power : log;
}

/** 0, 1, 2, … while ten to that power fits. */
function powersWithin(logLimit: number): number[] {
  return Array.from({ length: Math.floor(logLimit) + 1 }, (_, power) => power);
}

function shortNumber(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1000 ? `${value / 1000}k` : String(value);
}
