/** Cells of a collection as samples, one object each. */
import { type Layer, readLayer } from "./layer_rows.ts";
import type { ObsLabels } from "./stores/obs_labels.ts";
import type { OpenStores } from "./stores/open_stores.ts";
import { type PlacedRows, rowsOfGroup } from "./row_places.ts";
import type { Label, RowNumbers, RowType } from "./rows.ts";

/** A cell: the parts that were asked for and that its store has. */
export interface Sample {
  /** The index of the store that the cell is of. */
  readonly _store_idx: number;
  /** By the keys of layers, `obsm_` and keys of obsm, and keys of obs. */
  readonly [part: string]: RowNumbers | Label;
}

/** What samples are made of. */
export interface SampleParts {
  /** The stores. */
  readonly stores: OpenStores;
  /** The matrices of cells and genes. */
  readonly layers: readonly Layer[];
  /** The matrices of obsm. */
  readonly obsm: readonly Layer[];
  /** The labels. */
  readonly labels: ObsLabels;
  /** The type of values, where one was asked for. */
  readonly dtype: RowType | undefined;
}

type Entry = readonly [part: string, value: RowNumbers | Label];

/**
 * Reads cells.
 *
 * @param parts What samples are made of.
 * @param placed The cells.
 * @returns A sample a cell.
 */
export async function readSamples(
  parts: SampleParts,
  placed: PlacedRows,
): Promise<Sample[]> {
  const samples: Entry[][] = Array.from(
    placed.stores,
    (store) => [["_store_idx", store]],
  );
  for (const layer of parts.layers) {
    await addRows(samples, layer.name, layer, { parts, placed });
  }
  for (const layer of parts.obsm) {
    await addRows(samples, `obsm_${layer.name}`, layer, { parts, placed });
  }
  const labels = await parts.labels.ofCells(placed);
  return samples.map((entries, at) =>
    Object.fromEntries([...entries, ...labels[at]!]) as Sample
  );
}

/** Each store has a type of its own, and a length of rows. */
async function addRows(
  samples: readonly Entry[][],
  name: string,
  layer: Layer,
  { parts, placed }: {
    readonly parts: SampleParts;
    readonly placed: PlacedRows;
  },
): Promise<void> {
  for (const group of placed.groups) {
    const part = layer.parts[group.store];
    if (part === undefined) continue;
    const own = rowsOfGroup(group, placed);
    const rows = await readLayer(layer, parts.stores, own, {
      format: "dense",
      dtype: parts.dtype ?? part.dtype,
      signal: undefined,
    });
    const { data } = rows!;
    const { columns } = part;
    group.places.forEach((place, at) => {
      const row = data.length === columns
        ? data
        : data.slice(at * columns, (at + 1) * columns) as RowNumbers;
      samples[place]!.push([name, row]);
    });
  }
}
