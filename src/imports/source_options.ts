/** Which options are for which formats: one that does nothing is an error. */
import type { Importer, SourceOptions } from "./importer.ts";
import { IMPORTERS } from "./registry.ts";

/** Options that some formats alone take, as messages call them. */
const NAMES = {
  layer: "`layer`",
  features: "`features`",
  genome: "`genome`",
  genesIn: "`genesIn`",
  separator: "`separator`",
  columns: "`columns`",
} as const satisfies Partial<Record<keyof SourceOptions, string>>;

type Name = keyof typeof NAMES;

/** A source, and who reads it. */
export interface SourceFormat {
  /** The path of the source. */
  readonly path: string;
  /** Its importer. */
  readonly importer: Importer;
}

/**
 * Checks that each option means something to one of the sources at least:
 * where several are imported at once, an option may be meant for some of them.
 *
 * @param sources The sources.
 * @param options What all of them are asked for.
 * @throws {TypeError} If an option is for other formats alone.
 */
export function checkSourceOptions(
  sources: readonly SourceFormat[],
  options: SourceOptions & { readonly from?: string },
): void {
  const [first] = sources;
  if (first === undefined) return;
  for (const name of Object.keys(NAMES) as Name[]) {
    if (!isAsked(name, options)) continue;
    if (sources.some(({ importer }) => importer.takes.includes(name))) continue;
    throw new TypeError(
      `Cannot import ${first.path}: ${describeIdle(name, sources, options)}`,
    );
  }
}

function isAsked(name: Name, options: SourceOptions): boolean {
  const value = options[name];
  if (value === undefined) return false;
  // Where there are no types of features, all of them are genes.
  return name !== "features" || !/^(?:all|gene expression)$/i.test(`${value}`);
}

function describeIdle(
  name: Name,
  sources: readonly SourceFormat[],
  { from }: { readonly from?: string },
): string {
  const takers = IMPORTERS.filter(({ takes }) => takes.includes(name))
    .map((importer) => importer.name);
  const read = new Set(sources.map(({ importer }) => importer.name));
  const what = `${NAMES[name]} is for ${takers.join(", ")}, ` +
    `and not for ${[...read].join(", ")}`;
  const isGuessed = from === undefined && sources.length === 1;
  return isGuessed ? `${what}; \`from\` names another format` : what;
}
