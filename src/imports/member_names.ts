/** What sources and lanes can be called as members of a collection. */
import { absolutePath, baseName } from "../io/paths.ts";
import { whyNoMemberName } from "../profiles/combined_metadata.ts";
import { isPartName } from "../profiles/part_names.ts";

/** What a name of a source has behind that of what it holds. */
const ENDINGS = /\.(?:gz|bgz|csv|tsv|txt|tab|mtx|h5|hdf5|h5ad|zarr|zip)$/i;

/**
 * What a source is called where nobody says so: the name of its file without
 * endings of formats, and without what does not suit a name of a folder.
 *
 * @param path The path of the source.
 * @returns The name; it can be one that no member can have.
 */
export function memberNameOf(path: string): string {
  let name = baseName(absolutePath(path));
  while (ENDINGS.test(name)) name = name.replace(ENDINGS, "");
  return name.replace(/[^\p{L}\p{N}_.-]+/gu, "_").replace(/^\.+/, "");
}

/**
 * Checks the name of a member that is to be.
 *
 * @param path The path of what is made a member.
 * @param what What is named, in messages.
 * @param name The name.
 * @param hint What can be done about it.
 * @throws {Error} If no member can have it.
 */
export function checkMemberName(
  path: string,
  what: string,
  name: string,
  hint = "",
): void {
  const why = whyNoMemberName(name) ??
    (isPartName(name)
      ? "it is that of a part of a batch that was split"
      : undefined);
  if (why === undefined) return;
  throw new Error(
    `Cannot import ${path}: ${JSON.stringify(name)} can not be the name of ` +
      `${what}: ${why}${hint}`,
  );
}

/**
 * Checks that names go together in one folder.
 *
 * @param path The path of what is made a collection.
 * @param members The members that are to be.
 * @throws {Error} If two differ only by case.
 */
export function checkMembersApart(
  path: string,
  members: readonly { readonly name: string }[],
): void {
  const seen = new Map<string, string>();
  for (const { name } of members) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw new Error(
        `Cannot import ${path}: the lanes ${other} and ${name} differ only ` +
          "by case",
      );
    }
    seen.set(name.toLowerCase(), name);
  }
}
