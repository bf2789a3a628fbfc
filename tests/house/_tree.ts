/** The root of the repository, ended by a slash. */
export const ROOT = new URL("../../", import.meta.url);

/** A file of the repository. */
export interface TreeFile {
  /** Its path from the root. */
  readonly path: string;
  /** Its content. */
  readonly text: string;
}

/** What a checkout holds beside the repository. */
const NOT_OURS = new Set([".git", "coverage", "dist", "node_modules"]);

/**
 * Reads the files under a folder of the repository, in the order of their paths.
 *
 * @param folder The path of the folder from the root, ended by a slash.
 * @param suffix What the names end with.
 * @returns The files.
 */
export function readTree(folder = "", suffix = ""): TreeFile[] {
  return listTree(folder)
    .filter((path) => path.endsWith(suffix))
    .sort()
    .map((path) => ({
      path,
      text: Deno.readTextFileSync(new URL(path, ROOT)),
    }));
}

/**
 * Tells whether a path from the root exists.
 *
 * @param path The path.
 * @returns Whether there is a file or folder.
 */
export function isInTree(path: string): boolean {
  try {
    Deno.statSync(new URL(path, ROOT));
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes the comments off a formatted source file, as far as they stand on
 * lines of their own.
 *
 * @param text The source.
 * @returns Its lines of code.
 */
export function codeLines(text: string): string[] {
  return text.split("\n").filter((line) => !/^\s*(\/\/|\/\*|\*)/.test(line));
}

function listTree(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder || ".", ROOT))]
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap(({ name, isDirectory, isFile }) => {
      if (isDirectory) return listTree(`${folder}${name}/`);
      return isFile ? [`${folder}${name}`] : [];
    });
}
