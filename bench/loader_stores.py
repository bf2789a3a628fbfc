"""Writes a synthetic matrix as stores: `loader_stores.py CONTAINER FOLDER`."""

import sys

import anndata
import numpy as np
import pandas as pd

from pairs_csr import read_csr

container, folder = sys.argv[1:]


def names(path):
    with open(f"{container}/{path}", encoding="utf-8") as lines:
        return pd.DataFrame(index=[line.rstrip("\n") for line in lines])


matrix = read_csr(f"{container}/gp.umis.mmm").astype(np.float32)
cells = anndata.AnnData(
    matrix, names("p.barcode.txt"), names("genes/g.name.txt"), dtype=matrix.dtype
)
cells.write_h5ad(f"{folder}/raw.h5ad")
cells.write_h5ad(f"{folder}/gzip.h5ad", compression="gzip")
try:
    cells.write_zarr(f"{folder}/v2.zarr")
except ImportError:
    print("There is no zarr", file=sys.stderr)
