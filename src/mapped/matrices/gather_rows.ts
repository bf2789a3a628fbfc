/** Sparse rows that were read in pieces, or in another order. */
import { makePlain, type PlainNumbers, type PlainType } from "./row_types.ts";
import type { PlainMemory, SparsePiece } from "./sparse_rows.ts";

/** Some rows, and which they are of those that were asked for. */
export interface PlacedPiece {
  /** The rows. */
  readonly piece: SparsePiece;
  /** Where each of them goes. */
  readonly places: Int32Array;
}

/**
 * Puts rows of pieces together. Where they lie one behind the other, in order,
 * they stay where they are.
 *
 * @param parts The pieces, all of one type, which make up all rows.
 * @param dtype The type.
 * @returns The rows, in the order of their places.
 */
export function gatherRows(
  parts: readonly PlacedPiece[],
  dtype: PlainType,
): SparsePiece {
  if (areInOrder(parts)) {
    const pieces = parts.map(({ piece }) => piece);
    if (pieces.length === 1) return pieces[0]!;
    if (pieces.length > 1 && areAdjacent(pieces)) return joinAdjacent(pieces);
  }
  return copyRows(parts, dtype);
}

/**
 * The memory that a piece has left.
 *
 * @param memory What it could use.
 * @param piece The piece.
 * @returns What is behind it, or all where it was put elsewhere.
 */
export function memoryBehind(
  memory: PlainMemory,
  { data, indices }: SparsePiece,
): PlainMemory {
  const isThere = startTogether(memory.indices, indices) &&
    startTogether(memory.data, data);
  const length = isThere ? indices.length : 0;
  return {
    indices: memory.indices.subarray(length),
    data: memory.data.subarray(length),
  };
}

function areInOrder(parts: readonly PlacedPiece[]): boolean {
  let next = 0;
  return parts.every(({ places }) => places.every((place) => place === next++));
}

function areAdjacent(pieces: readonly SparsePiece[]): boolean {
  return pieces.every(({ data, indices }, at) => {
    const before = pieces[at - 1];
    return before === undefined ||
      startTogether(indices, before.indices, before.indices.length) &&
        startTogether(data, before.data, before.data.length);
  });
}

/** Whether one array starts so many numbers behind the start of the other. */
function startTogether(
  array: PlainNumbers,
  other: PlainNumbers,
  length = 0,
): boolean {
  const start = other.byteOffset + length * other.BYTES_PER_ELEMENT;
  return array.buffer === other.buffer && array.byteOffset === start;
}

function joinAdjacent(pieces: readonly SparsePiece[]): SparsePiece {
  const indptr = [0];
  for (const { indptr: starts } of pieces) {
    const first = indptr.at(-1)!;
    for (let row = 1; row < starts.length; row++) {
      indptr.push(first + starts[row]!);
    }
  }
  const { data, indices } = pieces[0]!;
  const length = indptr.at(-1)!;
  const Numbers = data.constructor as Float64ArrayConstructor;
  return {
    indptr: Int32Array.from(indptr),
    indices: new Int32Array(indices.buffer, indices.byteOffset, length),
    data: new Numbers(data.buffer, data.byteOffset, length) as PlainNumbers,
  };
}

function copyRows(
  parts: readonly PlacedPiece[],
  dtype: PlainType,
): SparsePiece {
  const indptr = startsOf(parts);
  const indices = new Int32Array(indptr.at(-1)!);
  const data = makePlain(dtype, indices.length) as Float64Array;
  for (const { piece, places } of parts) {
    places.forEach((place, row) => {
      const [start, end] = [piece.indptr[row]!, piece.indptr[row + 1]!];
      indices.set(piece.indices.subarray(start, end), indptr[place]!);
      data.set(piece.data.subarray(start, end) as Float64Array, indptr[place]!);
    });
  }
  return { indptr, indices, data: data as PlainNumbers };
}

function startsOf(parts: readonly PlacedPiece[]): Int32Array {
  const count = parts.reduce((all, { places }) => all + places.length, 0);
  const indptr = new Int32Array(count + 1);
  for (const { piece: { indptr: starts }, places } of parts) {
    places.forEach((place, row) => {
      indptr[place + 1] = starts[row + 1]! - starts[row]!;
    });
  }
  for (let row = 0; row < count; row++) indptr[row + 1]! += indptr[row]!;
  return indptr;
}
