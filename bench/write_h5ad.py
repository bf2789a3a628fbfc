"""Writes a synthetic matrix as h5ad with gzip: `write_h5ad.py FOLDER FILE`."""

import sys

import anndata
import pandas as pd

from pairs_csr import read_csr

folder, path = sys.argv[1:]


def frame(name):
    with open(f"{folder}/cells/{name}", encoding="utf-8") as lines:
        return pd.DataFrame(index=[line.rstrip("\n") for line in lines])


matrix = read_csr(f"{folder}/cells/gp.umis.mmm")
data = anndata.AnnData(
    matrix, frame("p.barcode.txt"), frame("genes/g.name.txt"), dtype=matrix.dtype
)
data.write_h5ad(path, compression="gzip")
