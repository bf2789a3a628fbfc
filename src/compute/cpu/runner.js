// @ts-self-types="./runner.d.ts"
/**
 * Goes over the byte pairs of profiles in windows: reads a window into the
 * memory of the kernels, and lets one of them compute over all of its profiles
 * at once. The calling thread and workers run this same file, which workers
 * get as text: so it is plain JavaScript and imports nothing.
 *
 * Its types are in runner.d.ts.
 */

/** Where the module keeps its constants; the lists follow. */
export const RESERVED = 1 << 16;
/** The most profiles of a window. */
export const MOST_PROFILES = 1 << 13;
/** The bytes of a window, unless a profile alone has more. */
export const WINDOW_BYTES = 1 << 19;
/** Bytes between two wanted profiles that are rather read than skipped. */
const MOST_SKIPPED = 1 << 14;
/** What kernels may read behind the pairs. */
export const SLACK = 64;
/** The genes that pairs may lead on before a kernel looks: 64 times 255. */
export const STRAY_GENES = 64 * 255;
/** The most pairs whose values, 255 at most, add up in 32 bits. */
const PAIRS_PER_ROW = 16_843_009;
/** The bytes of a gene of a row: 16 bits and 32. */
const GENE_BYTES = 6;

/** A larger memory is given back after a job; that of 50 rows is kept. */
const KEPT_BYTES = 16 << 20;

const STARTS = RESERVED;
const ENDS = STARTS + 4 * MOST_PROFILES;
const PLACES = ENDS + 4 * MOST_PROFILES;
const RESULTS = PLACES + 4 * MOST_PROFILES;
/** The first three lists once more, by rows. */
const SORTED_STARTS = RESULTS + 8 * MOST_PROFILES;
const SORTED_ENDS = SORTED_STARTS + 4 * MOST_PROFILES;
const SORTED_PLACES = SORTED_ENDS + 4 * MOST_PROFILES;
const TABLE = SORTED_PLACES + 4 * MOST_PROFILES;

/** How many rows are summed into at once. */
export function rowsAtOnce(genesCount, rowsCount, tableBytes) {
  const most = Math.floor(tableBytes / (GENE_BYTES * strideOf(genesCount)));
  return Math.min(rowsCount, Math.max(most, 1));
}

/** The genes of a row in whole vectors. */
export function strideOf(genesCount) {
  return genesCount + 7 & ~7;
}

/** Computes over pieces of a job, one after the other, on one thread. */
export class Runner {
  #module;
  #kernels;
  #job;
  #part;
  #buffer = 0;
  /** Where the rows are, and how many genes they are apart. */
  #narrow = 0;
  #wide = 0;
  #stride = 0;
  #bytes;
  #words;
  #doubles;
  /** For each row the slot of the table that it is summed in, or -1. */
  #slotOf = new Int32Array(0);
  /** For each slot its row, and how many pairs were added to it. */
  #rowOf = new Int32Array(0);
  #pairsOf = new Float64Array(0);
  /** For each slot where the next profile of it is listed. */
  #nextOf = new Int32Array(0);
  #used = 0;

  constructor(module) {
    this.#module = module;
    this.#renew();
  }

  /** Starts a job. */
  begin(job) {
    this.#job = job;
    this.#part = undefined;
  }

  /**
   * Computes over some profiles of a part.
   *
   * @returns The first profile that is not valid, or -1.
   */
  async run(part, first, end, read, isStopped) {
    if (part !== this.#part) this.#enter(part);
    for (let at = first; at < end;) {
      if (isStopped()) return -1;
      const count = await this.#fill(part, at, end, read);
      const bad = this.#compute(part, at, count);
      if (bad >= 0) return at + bad;
      at += count;
    }
    return -1;
  }

  /** Ends the job: what was summed goes to the results. */
  end() {
    this.#flush();
    this.#job = undefined;
    this.#part = undefined;
    if (this.#bytes?.length > KEPT_BYTES) this.#renew();
  }

  #renew() {
    this.#kernels = new WebAssembly.Instance(this.#module, {}).exports;
    this.#bytes = undefined;
    this.#words = undefined;
    this.#doubles = undefined;
  }

  /** Gives up a job: nothing of it stays. */
  abandon() {
    this.#used = 0;
    this.end();
  }

  /** Lays out the memory for a part. */
  #enter(part) {
    this.#flush();
    this.#part = part;
    const { kernel } = this.#job;
    if (kernel === "addRows") this.#enterRows(part);
    else {
      // The map of the genes, or the entries: as many as pairs in a window.
      this.#buffer = TABLE +
        (kernel === "decodeSparse"
          ? 4 * WINDOW_BYTES
          : 4 * (part.genesCount + STRAY_GENES));
      this.#reserve(WINDOW_BYTES);
      if (part.geneMap && kernel !== "decodeSparse") {
        this.#words.set(part.geneMap, TABLE / 4);
      }
    }
  }

  /** Bounds of the rows, then the narrow rows, then the wide ones. */
  #enterRows({ genesCount }) {
    const { rowsCount, tableBytes } = this.#job;
    const slots = rowsAtOnce(genesCount, rowsCount, tableBytes);
    this.#slotOf = new Int32Array(rowsCount).fill(-1);
    this.#rowOf = new Int32Array(slots);
    this.#pairsOf = new Float64Array(slots);
    this.#nextOf = new Int32Array(slots + 1);
    this.#stride = strideOf(genesCount);
    this.#narrow = TABLE + 4 * slots + 15 & ~15;
    this.#wide = this.#narrow + 2 * slots * this.#stride;
    this.#buffer = this.#wide + 4 * slots * this.#stride;
    this.#reserve(WINDOW_BYTES);
    this.#bytes.fill(0, TABLE, this.#buffer);
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
    const { ends, file, starts } = part;
    this.#reserve(Math.max(WINDOW_BYTES, ends[first] - starts[first]));
    const window = {
      words: this.#words,
      buffer: this.#buffer,
      from: STARTS,
      to: ENDS,
    };
    return await fillWindow(
      part,
      first,
      end,
      window,
      (at, place, length) => read(this.#bytes, place, length, starts[at], file),
    );
  }

  #compute(part, first, count) {
    const { kernel } = this.#job;
    if (kernel === "addRows") return this.#addRows(part, first, count);
    if (kernel === "decodeDense" || kernel === "decodeSparse") {
      return this.#decode(part, first, count);
    }
    const { genesCount, geneMap } = part;
    const bad = geneMap
      ? this.#kernels[kernel === "totals" ? "mappedTotals" : "mappedEntries"](
        STARTS,
        ENDS,
        count,
        genesCount,
        TABLE,
        RESULTS,
      )
      : this.#kernels[kernel](STARTS, ENDS, count, genesCount, RESULTS);
    const found = this.#doubles.subarray(RESULTS / 8, RESULTS / 8 + count);
    const { results } = this.#job;
    if (!part.targets) results.set(found, part.firstTarget + first);
    else {found.forEach((value, at) =>
        results[part.targets[first + at]] = value
      );}
    return bad;
  }

  #addRows(part, first, count) {
    let done = 0;
    while (done < count) {
      const stop = this.#placeRows(part, first, done, count);
      this.#sortByRows(done, stop);
      const bad = this.#kernels.addRows(
        SORTED_STARTS,
        SORTED_ENDS,
        stop - done,
        part.genesCount,
        SORTED_PLACES,
        this.#narrow,
        this.#wide,
        TABLE,
        this.#stride,
      );
      if (bad >= 0) return done + this.#firstBad(part, done, stop);
      done = stop;
      if (done < count) this.#flush();
    }
    return -1;
  }

  /** Gives profiles a slot each, as far as there are and have room. */
  #placeRows(part, first, done, count) {
    const { rows, starts, ends } = part;
    let at = done;
    for (; at < count; at++) {
      const row = rows ? rows[first + at] : 0;
      let slot = this.#slotOf[row];
      if (slot < 0) {
        if (this.#used === this.#rowOf.length) break;
        slot = this.#used++;
        this.#slotOf[row] = slot;
        this.#rowOf[slot] = row;
        this.#pairsOf[slot] = 0;
      }
      const pairs = (ends[first + at] - starts[first + at]) / 2;
      if (this.#pairsOf[slot] + pairs > PAIRS_PER_ROW) break;
      this.#pairsOf[slot] += pairs;
      this.#words[PLACES / 4 + at] = slot;
    }
    return at;
  }

  /** Lists profiles by their rows: one row after the other is in the cache. */
  #sortByRows(first, end) {
    const words = this.#words;
    const next = this.#nextOf.fill(0);
    for (let at = first; at < end; at++) next[words[PLACES / 4 + at] + 1]++;
    for (let slot = 1; slot < next.length; slot++) next[slot] += next[slot - 1];
    for (let at = first; at < end; at++) {
      const slot = words[PLACES / 4 + at];
      const to = next[slot]++;
      words[SORTED_STARTS / 4 + to] = words[STARTS / 4 + at];
      words[SORTED_ENDS / 4 + to] = words[ENDS / 4 + at];
      words[SORTED_PLACES / 4 + to] = slot;
    }
  }

  /** The first profile in the order of the window that is not valid. */
  #firstBad({ genesCount }, first, end) {
    const starts = STARTS + 4 * first;
    const ends = ENDS + 4 * first;
    return this.#kernels.totals(
      starts,
      ends,
      end - first,
      genesCount,
      RESULTS,
    );
  }

  /** Adds all rows to the results, and frees their slots. */
  #flush() {
    if (this.#used === 0) return;
    const { lock, genesCount, results } = this.#job;
    const part = this.#part;
    if (lock) takeLock(lock);
    for (let slot = 0; slot < this.#used; slot++) {
      const first = slot * this.#stride;
      const wide = this.#wide + 4 * first;
      this.#kernels.widenRow(this.#narrow + 2 * first, wide, this.#stride);
      this.#words[TABLE / 4 + slot] = 0;
      const sums = this.#words.subarray(wide / 4, wide / 4 + part.genesCount);
      const row = this.#rowOf[slot];
      addSums(results, row * genesCount, sums, part.geneMap);
      sums.fill(0);
      this.#slotOf[row] = -1;
    }
    this.#used = 0;
    if (lock) freeLock(lock);
  }

  /** Whether there is, for the entries of all profiles of the window. */
  #hasRoom(count) {
    let bytes = 0;
    for (let at = 0; at < count; at++) {
      bytes += this.#words[ENDS / 4 + at] - this.#words[STARTS / 4 + at];
    }
    // One that is asked for again and again is read once.
    return bytes <= WINDOW_BYTES;
  }

  /** Decodes profiles at once, where their genes stay as they are. */
  #decodeSparse(part, first, count) {
    const { sparse } = this.#job;
    const genes = TABLE / 4;
    const counts = genes + WINDOW_BYTES / 2;
    const bad = this.#kernels.sparse(
      STARTS,
      ENDS,
      count,
      part.genesCount,
      4 * genes,
      4 * counts,
      PLACES,
    );
    if (bad >= 0) return bad;
    let start = 0;
    for (let at = 0; at < count; at++) {
      const stop = this.#words[PLACES / 4 + at];
      const target = targetOf(part, first + at);
      const to = sparse.offsets[target];
      // Else the file changed since entries were counted, which is found later.
      if (stop - start === sparse.offsets[target + 1] - to) {
        sparse.genes.set(this.#words.subarray(genes + start, genes + stop), to);
        sparse.counts.set(
          this.#words.subarray(counts + start, counts + stop),
          to,
        );
      }
      start = stop;
    }
    return -1;
  }

  #decode(part, first, count) {
    const { kernel, genesCount, results, sparse } = this.#job;
    const bytes = this.#bytes;
    const words = this.#words;
    if (kernel === "decodeSparse" && !part.geneMap && this.#hasRoom(count)) {
      return this.#decodeSparse(part, first, count);
    }
    for (let at = 0; at < count; at++) {
      const start = words[STARTS / 4 + at];
      const end = words[ENDS / 4 + at];
      const target = targetOf(part, first + at);
      const gene = kernel === "decodeDense"
        ? decodeDense(bytes, start, end, part, results, target * genesCount)
        : decodeSparse(bytes, start, end, part, sparse, sparse.offsets[target]);
      if (gene >= part.genesCount && end > start) return at;
    }
    return -1;
  }
}

/**
 * Reads a window of profiles, and lists where each of them is in it; gives how
 * many they are.
 */
export async function fillWindow(part, first, end, window, read) {
  const { ends, starts } = part;
  const { buffer, from, to, words } = window;
  const most = Math.min(end, first + MOST_PROFILES);
  const windowEnd = buffer + WINDOW_BYTES;
  let place = buffer;
  let at = first;
  while (at < most) {
    const start = starts[at];
    const limit = start + windowEnd - place;
    if (ends[at] > limit && at > first) break;
    const next = endOfRead(part, at, most, limit);
    let stop = start;
    for (let profile = at; profile < next; profile++) {
      const shift = place - start;
      words[from / 4 + profile - first] = starts[profile] + shift;
      words[to / 4 + profile - first] = ends[profile] + shift;
      if (ends[profile] > stop) stop = ends[profile];
    }
    if (stop > start) {
      const waiting = read(at, place, stop - start);
      if (waiting) await waiting;
    }
    place += stop - start;
    at = next;
  }
  return at - first;
}

/** The profile behind the last one that is read in one go. */
function endOfRead({ starts, ends, members }, first, most, limit) {
  let stop = ends[first];
  let at = first + 1;
  // Profiles that are asked for out of their order have a read of their own.
  while (
    at < most && starts[at] >= starts[at - 1] &&
    starts[at] - stop <= MOST_SKIPPED && ends[at] <= limit &&
    members?.[at] === members?.[first]
  ) {
    if (ends[at] > stop) stop = ends[at];
    at++;
  }
  return at;
}

function targetOf({ targets, firstTarget }, profile) {
  return targets ? targets[profile] : firstTarget + profile;
}

function addSums(results, first, sums, geneMap) {
  if (!geneMap) {
    for (let gene = 0; gene < sums.length; gene++) {
      results[first + gene] += sums[gene];
    }
    return;
  }
  for (let gene = 0; gene < sums.length; gene++) {
    const target = geneMap[gene];
    if (target >= 0) results[first + target] += sums[gene];
  }
}

/** Threads add to the results one after the other. */
function takeLock(lock) {
  while (Atomics.compareExchange(lock, 0, 0, 1) !== 0) {
    Atomics.wait(lock, 0, 1, 1);
  }
}

function freeLock(lock) {
  Atomics.store(lock, 0, 0);
  Atomics.notify(lock, 0);
}

/** Writes the counts of a profile into a row; gives the last gene. */
function decodeDense(bytes, start, end, { genesCount, geneMap }, rows, first) {
  let gene = 0;
  let sum = 0;
  for (let at = start; at < end; at += 2) {
    const delta = bytes[at];
    gene += delta;
    sum = delta === 0 ? sum + bytes[at + 1] : bytes[at + 1];
    const target = geneMap ? geneMap[gene] : gene;
    // Past the last gene it goes astray: all is thrown away.
    if (target >= 0 && gene < genesCount) rows[first + target] = sum;
  }
  return gene;
}

/** Writes the entries of a profile; gives the last gene. */
function decodeSparse(bytes, start, end, { geneMap }, sparse, first) {
  const { genes, counts } = sparse;
  let gene = 0;
  let sum = 0;
  let entry = first - 1;
  let last = -1;
  let isSorted = true;
  for (let at = start; at < end; at += 2) {
    const delta = bytes[at];
    const value = bytes[at + 1];
    gene += delta;
    if (delta !== 0) sum = 0;
    if (value === 0) continue;
    const target = geneMap ? geneMap[gene] : gene;
    if (!(target >= 0)) continue;
    if (sum === 0) {
      genes[++entry] = target;
      if (target < last) isSorted = false;
      last = target;
    }
    sum += value;
    counts[entry] = sum;
  }
  if (!isSorted) sortEntries(genes, counts, first, entry + 1);
  return gene;
}

/** Puts the entries of a row in the order of their genes. */
function sortEntries(genes, counts, start, end) {
  const entries = [];
  for (let at = start; at < end; at++) entries.push([genes[at], counts[at]]);
  entries.sort(([left], [right]) => left - right);
  entries.forEach(([gene, count], at) => {
    genes[start + at] = gene;
    counts[start + at] = count;
  });
}
