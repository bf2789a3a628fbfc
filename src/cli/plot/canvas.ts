/** What a dot belongs to; later ones are drawn over earlier ones. */
export type Layer = "grid" | "background" | "cells" | "mark";

const LAYERS: readonly Layer[] = ["grid", "background", "cells", "mark"];

/** Dots of a character of braille, as columns and rows. */
const BRAILLE_WIDTH = 2;
const BRAILLE_HEIGHT = 4;
const BRAILLE_START = 0x2800;
/** The bit of each dot, row by row. */
const BRAILLE_BITS = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
const ASCII_DOTS: Readonly<Record<Layer, string>> = {
  grid: ".",
  background: "o",
  cells: "#",
  mark: "+",
};

/** A run of characters that belong together. */
export interface CanvasRun {
  /** The characters. */
  readonly text: string;
  /** What they belong to; undefined where nothing is drawn. */
  readonly layer: Layer | undefined;
}

/** A rectangle of characters to draw on, dot by dot. */
export class Canvas {
  /** How many dots fit side by side. */
  readonly width: number;
  /** How many dots fit on top of one another. */
  readonly height: number;
  readonly #columns: number;
  readonly #isUnicode: boolean;
  readonly #bits: Uint8Array;
  readonly #layers: Uint8Array;

  /**
   * @param columns Characters side by side.
   * @param rows Characters on top of one another.
   * @param isUnicode Whether to draw in braille, eight dots a character, or
   * in ASCII, one dot a character.
   */
  constructor(columns: number, rows: number, isUnicode: boolean) {
    this.#columns = columns;
    this.#isUnicode = isUnicode;
    this.width = columns * (isUnicode ? BRAILLE_WIDTH : 1);
    this.height = rows * (isUnicode ? BRAILLE_HEIGHT : 1);
    this.#bits = new Uint8Array(columns * rows);
    this.#layers = new Uint8Array(columns * rows);
  }

  /**
   * Draws one dot; outside the canvas nothing happens.
   *
   * @param x From the left, from 0.
   * @param y From the top, from 0.
   * @param layer What it belongs to.
   */
  draw(x: number, y: number, layer: Layer): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const [across, down] = this.#isUnicode
      ? [BRAILLE_WIDTH, BRAILLE_HEIGHT]
      : [1, 1];
    const cell = Math.floor(y / down) * this.#columns + Math.floor(x / across);
    const bit = BRAILLE_BITS[(y % down) * BRAILLE_WIDTH + x % across]!;
    const order = LAYERS.indexOf(layer) + 1;
    if (order < this.#layers[cell]!) return;
    const isGridUnder = this.#layers[cell] === 1 && order > 1;
    this.#bits[cell] = (isGridUnder ? 0 : this.#bits[cell]!) | bit;
    this.#layers[cell] = order;
  }

  /**
   * One row of characters.
   *
   * @param row Which, from the top.
   * @returns Its characters in runs of one layer.
   */
  runs(row: number): CanvasRun[] {
    const runs: { text: string; layer: Layer | undefined }[] = [];
    for (let column = 0; column < this.#columns; column++) {
      const cell = row * this.#columns + column;
      const layer = LAYERS[this.#layers[cell]! - 1];
      const last = runs.at(-1);
      const text = this.#character(cell, layer);
      if (last && last.layer === layer) last.text += text;
      else runs.push({ text, layer });
    }
    return runs;
  }

  #character(cell: number, layer: Layer | undefined): string {
    if (layer === undefined) return " ";
    if (!this.#isUnicode) return ASCII_DOTS[layer];
    return String.fromCharCode(BRAILLE_START + this.#bits[cell]!);
  }
}
