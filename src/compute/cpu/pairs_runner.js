// @ts-self-types="./pairs_runner.d.ts"
/**
 * Sums profiles that are listed row by row, one row at a time, and gives the
 * sums as pairs. As runner.js, which comes before it where workers get both as
 * text, it is plain JavaScript.
 *
 * Its types are in pairs_runner.d.ts.
 */
import {
  fillWindow,
  MOST_PROFILES,
  RESERVED,
  SLACK,
  STRAY_GENES,
  strideOf,
  WINDOW_BYTES,
} from "./runner.js";

/** Lists of profiles, the row of each, which is the first, then a few words. */
const FROM = RESERVED;
const TO = FROM + 4 * MOST_PROFILES;
const ROWS = TO + 4 * MOST_PROFILES;
const SUMMARY = ROWS + 4 * MOST_PROFILES;
const BOUND = SUMMARY + 16;
const SUMS = BOUND + 16;

/** Sums rows of a job, one after the other, on one thread. */
export class PairsRunner {
  #module;
  #kernels;
  #job;
  #part;
  #bytes;
  #words;
  #doubles;
  /** Where the row is that is summed, and where its pairs go. */
  #narrow = SUMS;
  #wide = 0;
  #stride = 0;
  #out = 0;
  #outEnd = 0;
  #buffer = 0;
  /** For each matrix where the map of its genes is, or 0. */
  #maps = [];
  #entries = 0;
  #total = 0;

  constructor(module) {
    this.#module = module;
  }

  /** Starts a job, in fresh memory. */
  begin(job) {
    this.#kernels = new WebAssembly.Instance(this.#module, {}).exports;
    this.#job = job;
    this.#part = undefined;
    this.#bytes = undefined;
  }

  /**
   * Sums the profiles of rows.
   *
   * @returns The place of the first profile that is not valid, or -1.
   */
  async run(part, first, end, read, isStopped) {
    if (part !== this.#part) this.#enter(part);
    this.#outEnd = this.#out;
    this.#entries = 0;
    this.#total = 0;
    const { rowStarts } = part;
    const last = rowStarts[end];
    let row = first;
    for (let at = rowStarts[first]; at < last;) {
      if (isStopped()) return -1;
      const count = await this.#fill(part, at, last, read);
      for (let done = 0; done < count;) {
        while (rowStarts[row + 1] <= at + done) this.#endRow(row++);
        const stop = Math.min(rowStarts[row + 1] - at, count);
        const bad = this.#add(part, at, done, stop);
        if (bad >= 0) return at + bad;
        done = stop;
      }
      at += count;
    }
    while (row < end) this.#endRow(row++);
    return -1;
  }

  /** Hands over the rows of a piece, for which there is room. */
  put(piece) {
    const { output } = this.#job;
    const slot = piece % output.slots;
    const pairs = this.#bytes.subarray(this.#out, this.#outEnd);
    output.pairs.set(pairs, slot * output.slotBytes);
    output.summaries[2 * slot] = this.#entries;
    output.summaries[2 * slot + 1] = this.#total;
    Atomics.store(output.ready, slot, piece + 1);
    Atomics.notify(output.ready, slot);
  }

  /** Ends a job: its memory is given back. */
  end() {
    this.#kernels = undefined;
    this.#job = undefined;
    this.#part = undefined;
    this.#bytes = undefined;
    this.#words = undefined;
    this.#doubles = undefined;
  }

  /** Gives up a job. */
  abandon() {
    this.end();
  }

  /** Lays out the memory: sums of 16 bits, of 32, maps, pairs, a window. */
  #enter(part) {
    const { genesCount, output } = this.#job;
    this.#part = part;
    this.#stride = strideOf(genesCount);
    this.#wide = this.#narrow + 2 * this.#stride;
    // Genes that are dropped are summed behind all others.
    let place = this.#wide + 4 * this.#stride + 16;
    this.#maps = part.matrices.map(({ genesCount, geneMap }) => {
      if (!geneMap) return 0;
      const map = place;
      place += 4 * (genesCount + STRAY_GENES);
      return map;
    });
    this.#out = place + 15 & ~15;
    this.#buffer = this.#out + output.slotBytes + SLACK;
    this.#reserve(WINDOW_BYTES);
    part.matrices.forEach((matrix, at) => this.#setMap(matrix, this.#maps[at]));
  }

  #setMap({ genesCount, geneMap }, map) {
    if (!geneMap) return;
    const places = this.#words.subarray(map / 4);
    for (let gene = 0; gene < genesCount; gene++) {
      const target = geneMap[gene];
      places[gene] = target >= 0 ? target : this.#stride;
    }
    places.fill(this.#stride, genesCount, genesCount + STRAY_GENES);
  }

  /** Makes room for a window. */
  #reserve(length) {
    const { memory } = this.#kernels;
    const missing = this.#buffer + length + SLACK - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    if (this.#bytes?.buffer === memory.buffer) return;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
    this.#doubles = new Float64Array(memory.buffer);
  }

  /** Reads a window of profiles; gives how many they are. */
  async #fill(part, first, end, read) {
    const { ends, matrices, members, starts } = part;
    this.#reserve(Math.max(WINDOW_BYTES, ends[first] - starts[first]));
    const window = {
      words: this.#words,
      buffer: this.#buffer,
      from: FROM,
      to: TO,
    };
    return await fillWindow(
      part,
      first,
      end,
      window,
      (at, place, length) =>
        read(
          this.#bytes,
          place,
          length,
          starts[at],
          matrices[members[at]].file,
        ),
    );
  }

  /** Adds profiles of the window to the row, those of one matrix at a time. */
  #add({ members, matrices }, first, start, end) {
    for (let at = start; at < end;) {
      const member = members[first + at];
      let next = at + 1;
      while (next < end && members[first + next] === member) next++;
      const { genesCount } = matrices[member];
      const bad = this.#addOf(genesCount, this.#maps[member], at, next - at);
      if (bad >= 0) return at + bad;
      at = next;
    }
    return -1;
  }

  #addOf(genesCount, map, at, count) {
    const [from, to] = [FROM + 4 * at, TO + 4 * at];
    const { addMapped, addRows } = this.#kernels;
    if (map) return addMapped(from, to, count, genesCount, map, this.#wide);
    const [narrow, wide, stride] = [this.#narrow, this.#wide, this.#stride];
    return addRows(
      from,
      to,
      count,
      genesCount,
      ROWS,
      narrow,
      wide,
      BOUND,
      stride,
    );
  }

  /** Writes the pairs of a row behind those of the rows before. */
  #endRow(row) {
    this.#outEnd = this.#kernels.encodeRow(
      this.#narrow,
      this.#wide,
      this.#stride,
      this.#outEnd,
      SUMMARY,
    );
    this.#words[BOUND / 4] = 0;
    this.#total += this.#doubles[SUMMARY / 8];
    this.#entries += this.#words[SUMMARY / 4 + 2];
    this.#job.output.ends[row] = this.#outEnd - this.#out;
  }
}
