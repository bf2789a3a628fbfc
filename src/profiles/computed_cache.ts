/**
 * The cache of computed data: `cache/<uuid>/` in the folder of a container.
 * The uuid changes with what was computed from, so a stale value is never
 * found. A cache that can't be read or written is as good as none.
 */
import { readNpy, writeNpy } from "../arrays/npy.ts";
import { makeFolder, mayWrite, pathKind } from "../io/files.ts";
import { joinPath, parentPath } from "../io/paths.ts";

/** Where cached values of a container are. */
export class ComputedCache {
  readonly #folder: string;

  /**
   * @param path The folder of the container.
   * @param uuid The identifier of what is computed from.
   */
  constructor(path: string, uuid: string) {
    this.#folder = joinPath(path, "cache", uuid);
  }

  /**
   * Values that were cached.
   *
   * @param name The name of the values, as `p.total_umis`.
   * @param length How many there must be.
   * @returns The values, or undefined where there are none that are good.
   */
  read(name: string, length: number): Float64Array | undefined {
    const path = this.#path(name);
    try {
      if (pathKind(path) !== "file") return undefined;
      const { dtype, shape, data } = readNpy(path);
      const isGood = dtype === "float64" && shape.length === 1 &&
        shape[0] === length;
      return isGood ? data as Float64Array : undefined;
    } catch {
      return undefined; // it is computed again, and written anew
    }
  }

  /**
   * Caches values, where that may be and works.
   *
   * @param name The name of the values, as `p.total_umis`.
   * @param values The values.
   */
  write(name: string, values: Float64Array): void {
    const path = this.#path(name);
    if (!mayWrite(path)) return;
    try {
      makeFolder(parentPath(path));
      writeNpy(path, {
        dtype: "float64",
        shape: [values.length],
        data: values,
      });
    } catch {
      // A read-only folder or a full disk costs time later, nothing else.
    }
  }

  #path(name: string): string {
    return joinPath(this.#folder, `${name}.npy`);
  }
}
