import { isMissing, textAt } from "../arrays/data_array.ts";
import type { Profiles } from "../profiles/profiles.ts";
import { type CountRows, readCountRows } from "./count_rows.ts";
import { areTenxTypes } from "./feature_types.ts";
import { spelledGenes } from "./spelled_genes.ts";

/** What an export is told, and whom it tells. */
export interface ExportSourceOptions {
  /** Stops the export. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Told of the progress.
   *
   * @param done How much is done.
   * @param total How much there is.
   */
  progress?(done: number, total: number): void;
}

/** What a pass over the counts found. */
export interface CountsMeasure {
  /** The number of entries of each profile. */
  readonly perProfile: Uint32Array;
  /** The number of all entries. */
  readonly entriesCount: number;
  /** The largest count. */
  readonly mostCount: number;
}

/** A container as exporters see it: names, and counts profile by profile. */
export class ExportSource {
  /** The container. */
  readonly profiles: Profiles;
  /** The names of the profiles, `batch:barcode` in a collection. */
  readonly profileNames: readonly string[];
  /** The names of the genes, in the spelling of the source. */
  readonly geneNames: readonly string[];
  /** The ids of the genes, where they have some; empty where one has none. */
  readonly geneIds: readonly string[] | undefined;
  /** The types of the genes, where they are known. */
  readonly geneTypes: readonly string[] | undefined;
  /** How often an exporter goes over all profiles: it says so first. */
  passes = 1;
  /** What an exporter found that a user should know. */
  readonly notes: string[] = [];
  readonly #options: ExportSourceOptions;
  #done = 0;

  private constructor(
    profiles: Profiles,
    names: Pick<
      ExportSource,
      "profileNames" | "geneNames" | "geneIds" | "geneTypes"
    >,
    options: ExportSourceOptions,
  ) {
    this.profiles = profiles;
    this.profileNames = names.profileNames;
    this.geneNames = names.geneNames;
    this.geneIds = names.geneIds;
    this.geneTypes = names.geneTypes;
    this.#options = options;
  }

  /**
   * Reads the names of a container.
   *
   * @param profiles The container; it stays with the caller.
   * @param options Who is told, and what stops it.
   * @returns The source.
   */
  static async open(
    profiles: Profiles,
    options: ExportSourceOptions = {},
  ): Promise<ExportSource> {
    const names = {
      profileNames: await profiles.profileNames(),
      geneNames: await spelledGenes(profiles),
      geneIds: await textsOf(profiles, "id"),
      geneTypes: await readTypes(profiles),
    };
    return new ExportSource(profiles, names, options);
  }

  /**
   * Data of genes as texts.
   *
   * @param name The name of the data, without the kind.
   * @returns The texts, empty where a value is missing; undefined where there
   * are no such data.
   */
  geneTexts(name: string): Promise<readonly string[] | undefined> {
    return textsOf(this.profiles, name);
  }

  /** The path of the container, for messages. */
  get path(): string {
    return this.profiles.metadata.path;
  }

  /** The number of profiles. */
  get profilesCount(): number {
    return this.profiles.profilesCount;
  }

  /** The number of genes. */
  get genesCount(): number {
    return this.profiles.genes.count;
  }

  /**
   * Goes over the counts of all profiles, in order.
   *
   * @returns The entries, some profiles at a time.
   */
  async *rows(): AsyncGenerator<CountRows> {
    for await (const some of readCountRows(this.profiles)) {
      yield some;
      this.advance(some.rows.length);
      await this.pause();
    }
  }

  /**
   * Goes over the counts to find what a header must say; it is a pass.
   *
   * @returns How many entries there are, and how large they get.
   */
  async measure(): Promise<CountsMeasure> {
    const perProfile = new Uint32Array(this.profilesCount);
    let entriesCount = 0;
    let mostCount = 0;
    for await (const { firstProfile, rows } of this.rows()) {
      rows.forEach(({ counts }, at) => {
        perProfile[firstProfile + at] = counts.length;
        entriesCount += counts.length;
        for (const count of counts) mostCount = Math.max(mostCount, count);
      });
    }
    return { perProfile, entriesCount, mostCount };
  }

  /**
   * Lets the rest of the process run, or it would not hear of an interrupt:
   * reading and writing do not wait for anything.
   */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve));
    this.#options.signal?.throwIfAborted();
  }

  /**
   * Tells of the progress, and stops where that is asked for.
   *
   * @param profilesCount The profiles that a pass has done since.
   */
  advance(profilesCount: number): void {
    this.#done += profilesCount;
    const total = this.passes * this.profilesCount;
    this.#options.progress?.(this.#done, total);
    this.#options.signal?.throwIfAborted();
  }
}

/** What 10x and scanpy call the types; what is called so may be no types. */
async function readTypes(
  profiles: Profiles,
): Promise<readonly string[] | undefined> {
  const types = await textsOf(profiles, "feature_type");
  if (types !== undefined && areTenxTypes(types)) return types;
  const others = await textsOf(profiles, "feature_types");
  return others !== undefined && areTenxTypes(others) ? others : types;
}

async function textsOf(
  profiles: Profiles,
  name: string,
): Promise<readonly string[] | undefined> {
  if (!await profiles.hasArray("g", name)) return undefined;
  const data = await profiles.anyArray("g", name);
  return Array.from(
    { length: profiles.genes.count },
    (_, gene) => isMissing(data, gene) ? "" : textAt(data, gene),
  );
}
