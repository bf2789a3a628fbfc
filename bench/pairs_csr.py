"""Matrix files of byte pairs as scipy's sparse matrices, for benchmarks."""

import numpy as np
import scipy.sparse

BLOCK = 4096


def read_csr(path, dtype=np.float32):
    """Reads a canonical matrix file: a row a profile, a column a gene."""
    file = np.memmap(path, np.uint8, "r")
    profiles, genes = file[48:56].view("<u4").astype(int)
    offsets = file[file.size - 4 * (profiles + 1) :].view("<u4").astype(np.int64)
    pairs = (offsets[-1] - offsets[0]) // 2
    indptr = np.zeros(profiles + 1, np.int64)
    indices = np.empty(pairs, np.int32)
    data = np.empty(pairs, dtype)
    entries = 0
    for first in range(0, profiles, BLOCK):
        bounds = offsets[first : first + BLOCK + 1]
        block = _decode(file[bounds[0] : bounds[-1]], (bounds - bounds[0]) // 2)
        end = entries + len(block[0])
        indices[entries:end], data[entries:end] = block[:2]
        indptr[first + 1 : first + len(bounds)] = entries + block[2]
        entries = end
    indices, data = indices[:entries], data[:entries]
    if entries < 2**31:
        indptr = indptr.astype(np.int32)
    shape = (profiles, genes)
    return scipy.sparse.csr_matrix((data, indices, indptr), shape=shape)


def _decode(pairs, starts):
    deltas, values = pairs[0::2].astype(np.int64), pairs[1::2]
    genes = np.cumsum(deltas)
    lengths = np.diff(starts)
    filled = starts[:-1][lengths > 0]
    before = np.zeros(len(lengths), np.int64)
    before[lengths > 0] = genes[filled] - deltas[filled]
    genes -= np.repeat(before, lengths)
    is_first = np.zeros(len(genes), bool)
    is_first[filled] = True
    # A pair without a gap goes on with the count of the one before it.
    is_entry = (values != 0) & ((deltas != 0) | is_first)
    at = np.flatnonzero(is_entry)
    counts = values[at].astype(np.int64)
    for more in np.flatnonzero((values != 0) & ~is_entry):
        counts[np.searchsorted(at, more) - 1] += values[more]
    return genes[at], counts, np.searchsorted(at, starts[1:])
