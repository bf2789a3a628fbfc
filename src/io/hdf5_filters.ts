import { fileURLToPath } from "node:url";
import { readFileBytes } from "./files.ts";
import type { Hdf5Filter, Hdf5Library } from "./hdf5_library.ts";
import { joinPath } from "./paths.ts";

/** The filters that the library has: deflate, shuffle, checksum and packing. */
const BUILT_IN = new Set([1, 2, 3, 5, 6]);

/** Filters that come as files of their own, by their registered numbers. */
const PLUGINS: Readonly<Record<number, string>> = {
  307: "libH5Zbz2.so",
  32000: "libH5Zlzf.so",
  32001: "libH5Zblosc.so",
  32004: "libH5Zlz4.so",
  32008: "libH5Zbshuf.so",
  32015: "libH5Zzstd.so",
  32026: "libH5Zblosc2.so",
};

/** Where those that pack bits are told how many values a chunk has. */
const LENGTHS: Readonly<Record<number, number>> = { 5: 2, 6: 2 };

/** Deflate makes nothing smaller than a thousandth and a bit. */
const MOST_DEFLATED = 1032;
/** What the others make of a long run of one value. */
const MOST_PACKED = 2 ** 15;

/**
 * Makes a filter known to the library, where that is possible.
 *
 * @param library The library.
 * @param id The number of the filter.
 * @returns Whether the filter can be decoded.
 * @throws {Error} If its file may not be read.
 */
export function loadFilter(library: Hdf5Library, id: number): boolean {
  if (BUILT_IN.has(id)) return true;
  const plugin = PLUGINS[id];
  if (plugin === undefined) return false;
  library.addPlugin(plugin, () => readPlugin(library.pluginsUrl, plugin));
  return true;
}

/** Asks before it reads: Deno would ask the user. */
function readPlugin(url: string, plugin: string): Uint8Array {
  const path = joinPath(fileURLToPath(url), "plugins", plugin);
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state === "granted") return readFileBytes(path);
  throw new Error(
    `Cannot read ${path}: it needs --allow-read, and is the filter of data`,
  );
}

/**
 * Checks what filters that the library has are told of the length of a chunk:
 * they make room for as many values as that says.
 *
 * @param filters What the chunks of a dataset go through.
 * @param chunks The extents of a chunk.
 * @throws {Error} If they are told of another length.
 */
export function checkFilterLengths(
  filters: readonly Hdf5Filter[],
  chunks: readonly number[],
): void {
  const length = chunks.reduce((all, extent) => all * extent, 1);
  for (const { cd_values: options, id } of filters) {
    const place = LENGTHS[id];
    if (place === undefined || options[place] === length) continue;
    throw new Error(
      `it is damaged: its filter ${id} is for ${options[place]} values, ` +
        `and a chunk has ${length}`,
    );
  }
}

/**
 * How many times smaller filters can make data.
 *
 * @param ids The numbers of the filters.
 * @returns The ratio, 1 where they only reorder.
 */
export function mostRatio(ids: readonly number[]): number {
  if (ids.some((id) => id > 3)) return MOST_PACKED;
  return ids.includes(1) ? MOST_DEFLATED : 1;
}
