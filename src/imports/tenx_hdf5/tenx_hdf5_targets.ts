import type { DataArray } from "../../arrays/data_array.ts";
import type { Hdf5Dataset } from "../../io/hdf5_dataset.ts";
import type { Hdf5File } from "../../io/hdf5_file.ts";
import { thereAre } from "../../io/plural.ts";
import { tenxError } from "./tenx_hdf5_layout.ts";

/** The group with a list for each panel: which features it has probes for. */
export const TARGET_SETS = "target_sets";

/**
 * Reads one of the lists of targets, as bools a feature.
 *
 * @param file The file.
 * @param dataset The list: indices of features.
 * @param count The number of features.
 * @returns Whether each is in it; undefined where it is no such list.
 * @throws {Error} If an index is out of range; with its place.
 */
export function readTargets(
  file: Hdf5File,
  dataset: Hdf5Dataset,
  count: number,
): DataArray | undefined {
  const { length, path, shape, typeClass } = dataset;
  if (shape.length !== 1 || typeClass !== "integer") return undefined;
  const values = new Uint8Array(count);
  const indices: ArrayLike<number | bigint> = dataset.readNumbers(0, length);
  for (let at = 0; at < length; at++) {
    const index = Number(indices[at]);
    if (!(index >= 0 && index < count)) {
      throw tenxError(
        file.name,
        `${path}: element ${at} is ${index}, but ${thereAre(count, "feature")}`,
      );
    }
    values[index] = 1;
  }
  return { kind: "number", dtype: "bool", values };
}
