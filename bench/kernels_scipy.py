"""The jobs of the kernels' benchmark by scipy and anndata: `kernels.ts` starts
it with the folder of a matrix. scipy has the matrix in memory as CSR of
float32, which is what AnnData holds; `anndata` reads rows of a file on disk.
"""

import json
import os
import sys
import time
from functools import partial

import numpy as np
from scipy.sparse import _sparsetools

from pairs_csr import read_csr

BLOCK = 32
WEIGHTS = 1021


def check_dense(values):
    values = np.asarray(values).reshape(-1)
    weights = np.arange(1, WEIGHTS + 1, dtype=np.float64)
    total = weighted = 0
    step = WEIGHTS * 4096
    for start in range(0, len(values), step):
        part = values[start : start + step].astype(np.float64)
        total += int(part.sum())
        weighted += int(np.dot(part, np.resize(weights, len(part))))
    return total, weighted


def check_sparse(rows):
    rows = rows.tocoo()
    place = rows.row.astype(np.int64) * rows.shape[1] + rows.col
    data = rows.data.astype(np.float64)
    return int(data.sum()), int(np.dot(data, place % WEIGHTS + 1))


def detected(matrix):
    """As scanpy's quality metrics do it: stored zeros must not count."""
    matrix.eliminate_zeros()
    return matrix.getnnz(axis=1)


def few_group_sums(matrix, groups, count):
    """The rows of each group, summed."""
    rows = [matrix[groups == group].sum(axis=0) for group in range(count)]
    return np.concatenate(rows)


def many_group_sums(matrix, groups, count):
    """As scanpy's compiled kernel does it, a dense table that counts are added
    to: scipy's own loop for repeated coordinates, a few rows at a time so that
    the coordinates stay in the cache."""
    rows, genes = matrix.shape
    sums = np.zeros((count, genes), matrix.dtype)
    flat = sums.reshape(-1)
    for first in range(0, rows, BLOCK):
        end = min(first + BLOCK, rows)
        start, stop = matrix.indptr[first], matrix.indptr[end]
        lengths = np.diff(matrix.indptr[first : end + 1])
        of_entries = np.repeat(groups[first:end], lengths)
        _sparsetools.coo_todense(
            count, genes, stop - start, of_entries, matrix.indices[start:stop],
            matrix.data[start:stop], flat, 0,
        )
    return sums


def make_jobs(folder, matrix):
    rows = np.fromfile(f"{folder}/rows.i32", np.int32)
    jobs = {
        "profileTotals": lambda: matrix.sum(axis=1),
        "profileEntries": lambda: detected(matrix),
        "geneTotals": lambda: matrix.sum(axis=0),
        "dense": lambda: matrix[rows].toarray(),
        "sparse": lambda: matrix[rows],
    }
    for count in (50, 2000):
        groups = np.fromfile(f"{folder}/groups{count}.i32", np.int32)
        # Each is the faster of the two for so many groups.
        sums = few_group_sums if count < 500 else many_group_sums
        jobs[f"groups{count}"] = partial(sums, matrix, groups, count)
    return jobs


def make_anndata_jobs(folder, matrix):
    import anndata

    path = f"{folder}/cells.h5ad"
    if not os.path.exists(path):
        anndata.AnnData(matrix, dtype=matrix.dtype).write_h5ad(path)
    data = anndata.read_h5ad(path, backed="r")
    rows = np.fromfile(f"{folder}/rows.i32", np.int32)
    return {
        "dense": lambda: data.X[rows].toarray(),
        "sparse": lambda: data.X[rows],
    }


def run(job):
    start = time.perf_counter()
    result = job()
    seconds = time.perf_counter() - start
    is_sparse = hasattr(result, "tocoo")
    total, weighted = (check_sparse if is_sparse else check_dense)(result)
    return {"seconds": seconds, "sum": total, "weighted": weighted}


def main():
    folder, which = sys.argv[1:]
    matrix = read_csr(f"{folder}/cells/gp.umis.mmm")
    make = make_anndata_jobs if which == "anndata" else make_jobs
    jobs = make(folder, matrix)
    if which == "anndata":
        del matrix
    for line in sys.stdin:
        name, threads = line.split()
        if name not in jobs:
            reply = {"refusal": "it has no such job"}
        elif threads != "1":
            reply = {"refusal": "it has one thread"}
        else:
            reply = run(jobs[name])
        print(json.dumps(reply), flush=True)


main()
