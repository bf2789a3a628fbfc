/** A dense matrix of shape (profiles, genes) that `numpy.load` reads. */
import { bytesOf } from "../arrays/dtypes.ts";
import { formatNpyHeader } from "../arrays/npy_header.ts";
import type { Exporter } from "./exporter.ts";
import { countArray, countType, startsWith, withSink } from "./export_file.ts";

/** The exporter of npy files. */
export const NPY: Exporter = {
  name: "npy",
  summary: "a dense npy file of shape (profiles, genes)",
  ending: ".npy",
  holds: () => false,
  hasNames: false,
  isReplaceable: (path) => startsWith(path, "\x93NUMPY"),
  async write(source, path) {
    source.passes = 2;
    const { genesCount, profilesCount } = source;
    const dtype = countType((await source.measure()).mostCount);
    const shape = [profilesCount, genesCount];
    await withSink(path, async (sink) => {
      sink.write(formatNpyHeader({ dtype, shape, fortranOrder: false }));
      const dense = new Uint32Array(genesCount);
      for await (const { rows } of source.rows()) {
        for (const { genes, counts } of rows) {
          dense.fill(0);
          genes.forEach((gene, at) => dense[gene] = counts[at]!);
          sink.write(bytesOf(countArray(dtype, dense)));
        }
      }
    });
  },
};
