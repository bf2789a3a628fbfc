/**
 * Finds where the cells of entries begin, while the cells come in order, and
 * counts the entries of each.
 */
export class CellRuns {
  /** How many entries each cell had so far. */
  readonly entriesPerCell: Float64Array;
  /** The cell of the last entry. */
  #current = 0;
  #isOrdered = true;

  /** @param cellsCount The number of cells. */
  constructor(cellsCount: number) {
    this.entriesPerCell = new Float64Array(cellsCount);
  }

  /** The cell that the next entries can belong to, the first of a block. */
  get current(): number {
    return this.#current;
  }

  /** Whether no cell came after a later one so far. */
  get isOrdered(): boolean {
    return this.#isOrdered;
  }

  /**
   * Takes the next entries.
   *
   * @param cells The cell of each.
   * @param length How many there are, at least one.
   * @returns From the cell that was current to the last one, where in the
   * entries each of them starts, and where the last one ends; nothing once the
   * cells are out of order.
   */
  add(cells: Uint32Array, length: number): Uint32Array | undefined {
    const offsets = this.#isOrdered ? this.#split(cells, length) : undefined;
    if (offsets) return offsets;
    this.#isOrdered = false;
    const { entriesPerCell } = this;
    for (let at = 0; at < length; at++) entriesPerCell[cells[at]!]!++;
    return undefined;
  }

  /**
   * Ends the last cell and those after it that have no entries.
   *
   * @returns A start for each of them, and an end: all 0.
   */
  finish(): Uint32Array {
    return new Uint32Array(this.entriesPerCell.length - this.#current + 1);
  }

  #split(cells: Uint32Array, length: number): Uint32Array | undefined {
    const first = this.#current;
    const last = cells[length - 1]!;
    if (last < first) return undefined;
    const offsets = new Uint32Array(last - first + 2);
    let current = first;
    for (let at = 0; at < length;) {
      while (at < length && cells[at] === current) at++;
      if (at === length) break;
      const cell = cells[at]!;
      if (cell < current || cell > last) return undefined;
      while (current < cell) offsets[++current - first] = at;
    }
    offsets[last - first + 1] = length;
    this.#count(offsets);
    this.#current = last;
    return offsets;
  }

  #count(offsets: Uint32Array): void {
    for (let at = 1; at < offsets.length; at++) {
      this.entriesPerCell[this.#current + at - 1]! += offsets[at]! -
        offsets[at - 1]!;
    }
  }
}
