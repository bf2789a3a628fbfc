/** Draws the demo's counts from the model, the same on every machine. */
import { AliasTable } from "./alias_table.ts";
import {
  BACKGROUND,
  CELL_TYPES,
  type CellType,
  EXPRESSED_GENES_COUNT,
  GENES_COUNT,
  RANK_TOTALS,
  STATE_SPREAD,
  STATES_PER_TYPE,
} from "./model.ts";
import { portableExp, portableLog } from "./portable_math.ts";
import { Random } from "./random.ts";

/** Counts of all barcodes, in the order of the barcodes. */
export interface DemoCounts {
  /** How many genes there are, with and without counts. */
  readonly genesCount: number;
  /** Sorted, unique, as Cell Ranger writes them. */
  readonly barcodes: readonly string[];
  /** The cell type of each barcode, `""` where it is background. */
  readonly types: readonly string[];
  /** Where each barcode's entries begin, and where the last end. */
  readonly offsets: Uint32Array;
  /** Gene of each entry, from 0, ascending within a barcode. */
  readonly genes: Uint32Array;
  /** Count of each entry. */
  readonly counts: Uint32Array;
}

/** How much to draw; the defaults are the model's. */
export interface DemoSize {
  /** Part of the model's cells and background barcodes to draw. */
  readonly scale?: number;
}

interface Droplet {
  readonly type: string;
  readonly umis: number;
  readonly table: AliasTable;
}

const SEED = 3000;

/**
 * Draws the whole data set.
 *
 * @param size How much of it.
 * @returns The counts.
 */
export function generateDemo(size: DemoSize = {}): DemoCounts {
  const random = new Random(SEED);
  const droplets = drawDroplets(random, size.scale ?? 1);
  const order = Uint32Array.from(droplets, (_, index) => index);
  random.shuffle(order);
  const barcodes = drawBarcodes(random, droplets.length);
  const entries = new EntryList();
  const cell = new CellCounter(GENES_COUNT);
  for (const index of order) {
    const { table, umis } = droplets[index]!;
    cell.draw(table, umis, random);
    entries.append(cell);
  }
  const types = Array.from(order, (index) => droplets[index]!.type);
  return { genesCount: GENES_COUNT, barcodes, types, ...entries.finish() };
}

function drawDroplets(random: Random, scale: number): Droplet[] {
  const weights = drawGeneWeights(random);
  const ambient = new Float64Array(GENES_COUNT);
  const cells = CELL_TYPES.flatMap((type) =>
    drawCells(type, weights, ambient, random, scale)
  );
  const table = new AliasTable(ambient);
  const background = Array.from(
    { length: Math.round(BACKGROUND.barcodes * scale) },
    () => ({ type: "", umis: drawUmis(BACKGROUND, random), table }),
  );
  return [...cells, ...background];
}

/** Weights of all genes: those expressed lie anywhere among the others. */
function drawGeneWeights(random: Random): Float64Array {
  const weights = new Float64Array(GENES_COUNT);
  const genes = Uint32Array.from(weights, (_, gene) => gene);
  random.shuffle(genes);
  for (let rank = 1; rank <= EXPRESSED_GENES_COUNT; rank++) {
    weights[genes[rank - 1]!] = totalAtRank(rank);
  }
  return weights;
}

function totalAtRank(rank: number): number {
  const next = RANK_TOTALS.findIndex(([known]) => known >= rank);
  const [highRank, highTotal] = RANK_TOTALS[next]!;
  const [lowRank, lowTotal] = RANK_TOTALS[Math.max(next - 1, 0)]!;
  if (rank === highRank) return highTotal;
  const part = portableLog(rank / lowRank) / portableLog(highRank / lowRank);
  return lowTotal * portableExp(part * portableLog(highTotal / lowTotal));
}

function drawCells(
  type: CellType,
  weights: Float64Array,
  ambient: Float64Array,
  random: Random,
  scale: number,
): Droplet[] {
  const typical = spread(weights, type.geneSpread, random);
  const tables: AliasTable[] = [];
  for (let state = 0; state < STATES_PER_TYPE; state++) {
    tables.push(new AliasTable(spread(typical, STATE_SPREAD, random)));
  }
  const count = Math.round(type.cells * scale);
  for (let gene = 0; gene < ambient.length; gene++) {
    ambient[gene] = ambient[gene]! + typical[gene]! * count;
  }
  return Array.from({ length: count }, () => ({
    type: type.name,
    umis: drawUmis(type, random),
    table: tables[random.below(STATES_PER_TYPE)]!,
  }));
}

/** Fold changes of mean 1, so that sums stay about what they were. */
function spread(
  weights: Float64Array,
  deviation: number,
  random: Random,
): Float64Array {
  const shift = deviation * deviation / 2;
  return weights.map((weight) =>
    weight && weight * portableExp(deviation * random.normal() - shift)
  );
}

function drawUmis(
  parameters: { meanLogUmis: number; spreadLogUmis: number },
  random: Random,
): number {
  const { meanLogUmis, spreadLogUmis } = parameters;
  const drawn = portableExp(meanLogUmis + spreadLogUmis * random.normal());
  return Math.max(1, Math.round(drawn));
}

function drawBarcodes(random: Random, count: number): string[] {
  const barcodes = new Set<string>();
  while (barcodes.size < count) {
    let bits = random.uint32();
    let barcode = "";
    for (let base = 0; base < 16; base++, bits >>>= 2) {
      barcode += "ACGT"[bits & 3];
    }
    barcodes.add(`${barcode}-1`);
  }
  return [...barcodes].sort();
}

/** Counts the UMIs of one cell, gene by gene. */
class CellCounter {
  readonly #counts: Uint32Array;
  readonly #touched: Uint32Array;
  #length = 0;

  constructor(genesCount: number) {
    this.#counts = new Uint32Array(genesCount);
    this.#touched = new Uint32Array(genesCount);
  }

  draw(table: AliasTable, umis: number, random: Random): void {
    this.#counts.fill(0);
    this.#length = 0;
    for (let umi = 0; umi < umis; umi++) {
      const gene = table.draw(random);
      if (this.#counts[gene]!++ === 0) this.#touched[this.#length++] = gene;
    }
  }

  /** The genes that were drawn, ascending, and the counts by gene. */
  result(): { genes: Uint32Array; counts: Uint32Array } {
    const genes = this.#touched.subarray(0, this.#length).sort();
    return { genes, counts: this.#counts };
  }
}

/** Collects entries in typed arrays that grow. */
class EntryList {
  #genes = new Uint32Array(1 << 16);
  #counts = new Uint32Array(1 << 16);
  #length = 0;
  readonly #offsets: number[] = [0];

  append(cell: CellCounter): void {
    const { genes, counts } = cell.result();
    this.#reserve(genes.length);
    for (const gene of genes) {
      this.#genes[this.#length] = gene;
      this.#counts[this.#length++] = counts[gene]!;
    }
    this.#offsets.push(this.#length);
  }

  finish(): Pick<DemoCounts, "offsets" | "genes" | "counts"> {
    return {
      offsets: Uint32Array.from(this.#offsets),
      genes: this.#genes.subarray(0, this.#length),
      counts: this.#counts.subarray(0, this.#length),
    };
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#genes.length) return;
    const size = Math.max(this.#genes.length * 2, this.#length + more);
    const genes = new Uint32Array(size);
    const counts = new Uint32Array(size);
    genes.set(this.#genes);
    counts.set(this.#counts);
    this.#genes = genes;
    this.#counts = counts;
  }
}
