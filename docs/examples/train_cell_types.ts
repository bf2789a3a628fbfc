/**
 * Learns to tell the types of cells from their counts, by a logistic
 * regression in plain TypeScript, and says how often it is right about cells
 * that it was not trained on: `train_cell_types.ts CONTAINER COLUMN`.
 *
 * @module
 */
import {
  Loader,
  MappedCollection,
  type RowsBatch,
  SequentialSampler,
  splitRows,
  StratifiedSampler,
} from "@metacell/storage";

const [path = "pbmc", column = "classified"] = Deno.args;
const EPOCHS = 5;
const STEP = 0.005;

using cells = await MappedCollection.open(path, { obsKeys: column });
const labels = await cells.getMergedLabels(column);
const rows = labels.flatMap((label, row) => label === null ? [] : [row]);
const { train, test } = splitRows(cells.length, { train: 0.8, test: 0.2 }, {
  rows,
  stratify: labels,
  seed: 1,
});

const types = Object.keys(cells.encoders[column]!);
const genesCount = cells.shape[1]!;
/** A weight for each gene and type, and the sums of their squared gradients. */
const weights = new Float64Array(genesCount * types.length);
const squares = new Float64Array(weights.length).fill(1e-8);
const options = { format: "csr", dtype: "float32" } as const;

const trainer = new StratifiedSampler(labels, {
  batchSize: 32,
  rows: train,
  seed: 1,
});
await using loader = new Loader(cells, trainer, options);
for await (const batch of loader.epochs(EPOCHS)) learn(batch);

const tester = new SequentialSampler(cells.length, {
  batchSize: 256,
  rows: test,
});
await using held = new Loader(cells, tester, options);
let right = 0;
for await (const batch of held) {
  eachCell(batch, (cell, type) => {
    const chances = predict(cell);
    if (chances.indexOf(Math.max(...chances)) === type) right++;
  });
}
const accuracy = (right / test.length).toFixed(3);
console.log(`${train.length} cells of ${types.length} types to train on`);
console.log(`${test.length} cells held out: accuracy ${accuracy}`);

/** The genes of a cell, and their log-normalized counts. */
interface Cell {
  readonly genes: Int32Array;
  readonly values: Float64Array;
}

function eachCell(
  { layers, obs }: RowsBatch,
  visit: (cell: Cell, type: number) => void,
): void {
  const matrix = layers["X"]!;
  const types = obs[column]!;
  if (matrix.format !== "csr" || !types.isEncoded) return;
  const { data, indices, indptr } = matrix;
  for (let row = 0; row < types.codes.length; row++) {
    const [start, end] = [indptr[row]!, indptr[row + 1]!];
    const counts = Float64Array.from(data.subarray(start, end), Number);
    const total = counts.reduce((left, right) => left + right, 0);
    const values = counts.map((count) => Math.log1p(1e4 * count / total));
    visit({ genes: indices.subarray(start, end), values }, types.codes[row]!);
  }
}

/** The chance of each type: the softmax of sums of weights. */
function predict({ genes, values }: Cell): Float64Array {
  const sums = new Float64Array(types.length);
  for (let at = 0; at < genes.length; at++) {
    const place = genes[at]! * types.length;
    for (let type = 0; type < types.length; type++) {
      sums[type]! += values[at]! * weights[place + type]!;
    }
  }
  const most = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - most));
  const all = powers.reduce((left, right) => left + right, 0);
  return powers.map((power) => power / all);
}

/** A step of gradient descent for each cell, of the size of Adagrad. */
function learn(batch: RowsBatch): void {
  eachCell(batch, ({ genes, values }, type) => {
    const errors = predict({ genes, values });
    errors[type]! -= 1;
    for (let at = 0; at < genes.length; at++) {
      for (let other = 0; other < types.length; other++) {
        const place = genes[at]! * types.length + other;
        const gradient = errors[other]! * values[at]!;
        squares[place]! += gradient * gradient;
        weights[place]! -= STEP * gradient / Math.sqrt(squares[place]!);
      }
    }
  });
}
