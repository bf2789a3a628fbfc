"""Reads cells of an h5ad file one by one, as lamindb's MappedCollection does.

`loader_h5py.py FILE SECONDS ROUNDS` prints the cells a second of each round.
"""

import json
import sys
import time

import h5py
import numpy as np

path, seconds, rounds = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
random = np.random.default_rng(1)
rates = []
with h5py.File(path, mode="r") as file:
    cells = file["X"].attrs["shape"][0]
    for _ in range(rounds + 1):
        order = random.permutation(cells)
        start = time.perf_counter()
        for done, cell in enumerate(order, 1):
            # It looks all of them up for each cell, and the number of genes too.
            group = file["X"]
            data, indices, indptr = group["data"], group["indices"], group["indptr"]
            part = slice(*indptr[cell : cell + 2])
            values = data[part]
            row = np.zeros(group.attrs["shape"][1], dtype=values.dtype)
            row[indices[part]] = values
            if time.perf_counter() - start > seconds:
                break
        rates.append(done / (time.perf_counter() - start))
# The first round fills the cache of the system.
print(json.dumps(rates[1:]))
