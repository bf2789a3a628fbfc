import type { Genes } from "../genes/genes.ts";
import {
  type YamlDictionary,
  type YamlKeys,
  YamlMetadata,
  type YamlMetadataClass,
} from "../metadata/yaml_metadata.ts";
import type { OpenOptions, Profiles } from "./profiles.ts";

/** The file that makes a folder a container of profiles. */
export const PROFILES_YAML = "profiles.yaml";

/** A class of metadata whose container can be opened. */
export type ProfilesMetadataClass = YamlMetadataClass<ProfilesMetadata>;

/** The classes of containers, by the key that only they have. */
const CLASSES: { key: string | undefined; metadata: ProfilesMetadataClass }[] =
  [];

/** The metadata that all containers of profiles have in common. */
export abstract class ProfilesMetadata extends YamlMetadata {
  /** The keys that the file must have, and the types of their values. */
  static override readonly requiredKeys: YamlKeys = {
    uuid: "text",
    organism: "text",
    genes_uuid: "text",
    genes_count: "count",
    profiles_kind: "text",
    profiles_count: "count",
  };

  /**
   * Makes metadata, and checks their keys.
   *
   * @param yamlPath The path of the YAML file.
   * @param dictionary What it holds, or is to hold.
   * @throws {SyntaxError} If a required key is missing, or the value of a key
   * has another type.
   */
  constructor(yamlPath: string, dictionary: YamlDictionary) {
    super(yamlPath, dictionary);
    this.entriesCount; // checks it
  }

  /**
   * Loads the metadata of a container, as the class that its keys call for.
   *
   * @param yamlPath The path of its `profiles.yaml`.
   * @returns The metadata.
   */
  static override load(yamlPath: string): ProfilesMetadata {
    return super.load(yamlPath) as ProfilesMetadata;
  }

  /**
   * Decides which class the metadata of a container have, by its keys.
   *
   * @param dictionary What the file holds.
   * @returns The class of a view, groups or a collection where the file has
   * the key that only those have, else that of a batch.
   */
  static override detectClass(
    dictionary: YamlDictionary,
  ): ProfilesMetadataClass {
    const special = CLASSES.find(({ key }) => key && key in dictionary);
    const found = special ?? CLASSES.find(({ key }) => key === undefined);
    if (found) return found.metadata;
    throw new Error("Cannot detect a container: no class was registered");
  }

  /**
   * Makes a class of containers known.
   *
   * @param key The key that only its metadata have; undefined for the class of
   * all others.
   * @param metadata The class of its metadata.
   */
  static register(
    key: string | undefined,
    metadata: ProfilesMetadataClass,
  ): void {
    CLASSES.push({ key, metadata });
  }

  /** The organism the data is for, `unknown` where nobody said. */
  get organism(): string {
    return this.text("organism");
  }

  /** The identifier of the full genes set of the profiles. */
  get genesUuid(): string {
    return this.text("genes_uuid");
  }

  /** The number of genes that can be seen. */
  get genesCount(): number {
    return this.count("genes_count");
  }

  /** The kind of the profiles: `cells`, `metacells`, … */
  get profilesKind(): string {
    return this.text("profiles_kind");
  }

  /** The number of profiles. */
  get profilesCount(): number {
    return this.count("profiles_count");
  }

  /** The number of counts that are not zero, where the file says it. */
  get entriesCount(): number | undefined {
    const isSaid = this.value("entries_count") !== undefined;
    return isSaid ? this.count("entries_count") : undefined;
  }

  /** The relative path of the genes set, where the file says it. */
  get genesPath(): string | undefined {
    const path = this.value("genes");
    return typeof path === "string" ? path : undefined;
  }

  /** The names of the arrays whose categories are in order, as `p.stage`. */
  get ordered(): readonly string[] {
    const names = this.value("ordered");
    if (!Array.isArray(names)) return [];
    return names.filter((name) => typeof name === "string");
  }

  /**
   * Opens the container for access.
   *
   * @param genes The full genes set of the profiles.
   * @param options The name of the container, and whether it caches.
   * @returns The container.
   */
  abstract open(genes: Genes, options?: OpenOptions): Promise<Profiles>;
}
