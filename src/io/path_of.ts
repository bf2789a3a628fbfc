import { fileURLToPath } from "node:url";

/**
 * The path of a file or folder.
 *
 * @param place Its path, or its URL.
 * @returns The path.
 * @throws {TypeError} If the URL is that of something else.
 */
export function pathOf(place: string | URL): string {
  if (typeof place === "string") return place;
  if (place instanceof URL && place.protocol === "file:") {
    return fileURLToPath(place);
  }
  throw new TypeError(`Cannot open ${place}: it is no path of a file`);
}
