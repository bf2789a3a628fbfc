import { encodeName } from "../arrays/names.ts";
import type { GenesSet } from "../genes/genes_set.ts";
import { buildFolderAtomically, checkReplaceable } from "../io/atomic.ts";
import { joinPath } from "../io/paths.ts";
import { isContainerFolder } from "../profiles/container_folder.ts";
import { ProfilesCollection } from "../profiles/profiles_collection.ts";
import type { ProfilesCollectionMetadata } from "../profiles/profiles_collection_metadata.ts";
import {
  type CommonGenes,
  type GenesOfSource,
  joinSources,
  readGenes,
  writeCommonGenes,
} from "./common_genes.ts";
import { listSome } from "./import_error.ts";
import { checkImport, type ImportOptions } from "./import_options.ts";
import { importSource } from "./import_source.ts";
import type { ImportSummary } from "./import_summary.ts";
import type { SourceOptions } from "./importer.ts";
import type { JoinKind } from "./join_genes.ts";
import { checkMemberName, memberNameOf } from "./member_names.ts";
import { openSource } from "./open_source.ts";
import { findImporter } from "./registry.ts";
import { checkSourceOptions, type SourceFormat } from "./source_options.ts";
import { makeMemberFolder } from "./write_container.ts";

/** A source that is to be a member of a collection. */
export interface CollectionSource {
  /** The path of the source. */
  readonly path: string;
  /** Its name in the collection; that of its file without endings if unset. */
  readonly name?: string;
  /** What is different for this source from the options of all. */
  readonly options?:
    & SourceOptions
    & Pick<ImportOptions, "from" | "matrixBytes" | "splitLanes">;
}

/** How several sources are imported at once. */
export interface ImportCollectionOptions extends ImportOptions {
  /**
   * Whether the genes set that is made has the genes of any source or of all,
   * `union` if unset. With `intersection` the other genes are left out.
   */
  readonly join?: JoinKind;
}

/** What an import of several sources wrote. */
export interface CollectionImportSummary {
  /** The path of the collection. */
  readonly path: string;
  /** Its identifier. */
  readonly uuid: string;
  /** The organism. */
  readonly organism: string;
  /** The number of profiles. */
  readonly profilesCount: number;
  /** The number of genes of the genes set. */
  readonly genesCount: number;
  /** How many genes are in all sources; unset where the set was given. */
  readonly commonCount?: number;
  /** The number of counts that are not 0. */
  readonly entriesCount: number;
  /** The sum of all counts. */
  readonly totalUmis: number;
  /** The size of all matrix files. */
  readonly byteLength: number;
  /** What was written of each source. */
  readonly sources: readonly (ImportSummary & {
    /** Its name in the collection. */
    readonly name: string;
  })[];
  /** What a user should know of all of them, a sentence each. */
  readonly notes: readonly string[];
}

/** A source with its name, and all of its options. */
interface NamedSource {
  readonly path: string;
  readonly name: string;
  readonly options: ImportOptions;
}

/** How the genes of sources were joined. */
interface Joined {
  readonly common: CommonGenes;
  readonly opened: readonly GenesOfSource[];
}

/**
 * Imports several sources at once, as a collection of a container each, over
 * one genes set: the one that is given, or one of the genes of all sources,
 * `genes` in the folder of the collection. It is built beside its place and
 * moved there when all of it is whole; whatever goes wrong, nothing is left.
 *
 * Every source is opened twice, if there is no genes set: first all of them for
 * their genes, then one at a time for its counts, so that memory is bounded by
 * the largest.
 *
 * @param sources The sources, at least one, and their names.
 * @param destination The path of the collection.
 * @param options How to import all of them.
 * @returns What was written, and what was not.
 * @throws {TypeError} If an option means nothing to the formats of the sources.
 * @throws {Error} If two sources have one name, one of them can't be imported,
 * they are of different organisms, or something is at the destination that may
 * not be replaced.
 *
 * @example Import two tables
 * ```ts
 * import { importCollection, Profiles } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/one.csv`, "gene,a1,a2\nCD3D,4,0\nLYZ,0,9\n");
 * await Deno.writeTextFile(`${folder}/two.csv`, "gene,b1\nLYZ,7\nMS4A1,5\n");
 *
 * const study = `${folder}/study`;
 * const { genesCount } = await importCollection([
 *   { path: `${folder}/one.csv` },
 *   { path: `${folder}/two.csv`, name: "second" },
 * ], study, { genesIn: "rows" });
 * assertEquals(genesCount, 3);
 *
 * using cells = await Profiles.load(study);
 * assertEquals(await cells.profileNames(), ["one:a1", "one:a2", "second:b1"]);
 * assertEquals([...await cells.totalUmis("p")], [4, 9, 12]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function importCollection(
  sources: readonly CollectionSource[],
  destination: string,
  options: ImportCollectionOptions = {},
): Promise<CollectionImportSummary> {
  const { force = false, genesSet } = options;
  const replacement = { force, isReplaceable: isContainerFolder };
  const named = nameSources(sources, destination, options);
  await checkOptions(sources, named, options);
  checkReplaceable(destination, replacement);
  const joined = genesSet
    ? undefined
    : await readAllGenes(named, destination, options);
  const written = await buildFolderAtomically(
    destination,
    replacement,
    (folder) => importAll(named, folder, joined, options),
  );
  const summaries = written.sources.map((summary) => ({
    ...summary,
    path: joinPath(destination, encodeName(summary.name)),
  }));
  return { ...written, path: destination, sources: summaries };
}

function nameSources(
  sources: readonly CollectionSource[],
  destination: string,
  options: ImportCollectionOptions,
): NamedSource[] {
  const seen = new Map<string, NamedSource>();
  for (const { path, name: given, options: own } of sources) {
    const name = given ?? memberNameOf(path);
    const hint = given === undefined ? "; NAME=SOURCE gives it another" : "";
    checkMemberName(path, "a source", name, hint);
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw new Error(
        `Cannot import ${other.path} and ${path} to ${destination}: both ` +
          `would be named ${name}; name one of them by NAME=SOURCE`,
      );
    }
    const source = { path, name, options: { ...options, ...own } };
    checkImport([path], destination, source.options);
    seen.set(name.toLowerCase(), source);
  }
  if (seen.size > 0) return [...seen.values()];
  throw new Error(`Cannot import to ${destination}: there are no sources`);
}

/** What is said of one source alone has to mean something to that one. */
async function checkOptions(
  sources: readonly CollectionSource[],
  named: readonly NamedSource[],
  options: ImportCollectionOptions,
): Promise<void> {
  const formats: SourceFormat[] = [];
  for (const [at, { path, options: all }] of named.entries()) {
    const format = { path, importer: await findImporter(path, all.from) };
    checkSourceOptions([format], sources[at]!.options ?? {});
    formats.push(format);
  }
  checkSourceOptions(formats, options);
}

async function readAllGenes(
  sources: readonly NamedSource[],
  destination: string,
  options: ImportCollectionOptions,
): Promise<Joined> {
  const opened: GenesOfSource[] = [];
  for (const source of sources) {
    options.signal?.throwIfAborted();
    opened.push(await readGenes(source.path, source.options));
  }
  const place = joinPath(destination, "genes");
  return { opened, common: joinSources(opened, place, options) };
}

async function importAll(
  sources: readonly NamedSource[],
  folder: string,
  joined: Joined | undefined,
  options: ImportCollectionOptions,
): Promise<CollectionImportSummary> {
  const genesSet = joined
    ? await writeCommonGenes(joinPath(folder, "genes"), joined.common, options)
    : options.genesSet!;
  const weights = sources.map((_, at) =>
    Math.max(joined?.opened[at]?.profilesCount ?? 1, 1)
  );
  const imported: CollectionImportSummary["sources"][number][] = [];
  for (const [at, source] of sources.entries()) {
    options.signal?.throwIfAborted();
    const summary = await importOne(source, folder, {
      ...source.options,
      genesSet,
      allowMissingGenes: options.allowMissingGenes === true ||
        joined !== undefined && options.join === "intersection",
      ...shareProgress(options, weights, at),
    });
    imported.push({ ...summary, name: source.name });
  }
  const commonCount = joined?.common.joined.commonCount;
  return await finish(folder, genesSet, imported, commonCount);
}

async function importOne(
  { name, path }: NamedSource,
  folder: string,
  options: ImportOptions,
): Promise<ImportSummary> {
  const importer = await findImporter(path, options.from);
  const source = await openSource(importer, path, options);
  try {
    return await importSource(source, makeMemberFolder(folder, name), options);
  } finally {
    await source.close?.();
  }
}

/** What a source has done is its share of all, by its profiles. */
function shareProgress(
  { progress }: ImportOptions,
  weights: readonly number[],
  at: number,
): Pick<ImportOptions, "progress"> {
  if (progress === undefined) return {};
  const sum = (some: readonly number[]) => some.reduce((a, b) => a + b, 0);
  const before = sum(weights.slice(0, at));
  const all = sum(weights);
  return {
    progress: (done, total) =>
      progress(before + weights[at]! * (total > 0 ? done / total : 0), all),
  };
}

async function finish(
  folder: string,
  genesSet: GenesSet,
  sources: CollectionImportSummary["sources"],
  commonCount: number | undefined,
): Promise<CollectionImportSummary> {
  const names = sources.map(({ name }) => name);
  const metadata = await ProfilesCollection.created(folder, names, genesSet);
  const sum = (value: (source: ImportSummary) => number) =>
    sources.reduce((all, source) => all + value(source), 0);
  return {
    path: folder,
    uuid: metadata.uuid,
    organism: metadata.organism,
    profilesCount: metadata.profilesCount,
    genesCount: genesSet.count,
    ...commonCount !== undefined && { commonCount },
    entriesCount: sum(({ entriesCount }) => entriesCount),
    totalUmis: sum(({ totalUmis }) => totalUmis),
    byteLength: sum(({ byteLength }) => byteLength),
    sources,
    notes: await notePartial(metadata, genesSet),
  };
}

/** What only some sources have is no data of the collection. */
async function notePartial(
  metadata: ProfilesCollectionMetadata,
  genesSet: GenesSet,
): Promise<string[]> {
  using collection = await metadata.open(genesSet, { cache: false });
  const partial = await collection.partlyAvailableData("p");
  const names = partial.map(({ name }) => `p.${name}`);
  return names.length > 0 ? [`Only some sources have ${listSome(names)}`] : [];
}
