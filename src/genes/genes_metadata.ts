import {
  type YamlDictionary,
  type YamlKeys,
  YamlMetadata,
} from "../metadata/yaml_metadata.ts";

/** The metadata of a genes set: its `genes.yaml`. */
export class GenesMetadata extends YamlMetadata {
  /** The keys that the file must have, and the types of their values. */
  static override readonly requiredKeys: YamlKeys = {
    uuid: "text",
    organism: "text",
    genes_count: "count",
  };

  /**
   * Loads the metadata of a genes set.
   *
   * @param yamlPath The path of its `genes.yaml`.
   * @returns The metadata.
   */
  static override load(yamlPath: string): GenesMetadata {
    return super.load(yamlPath) as GenesMetadata;
  }

  /**
   * Says that all genes sets have this class.
   *
   * @param _dictionary What the file holds.
   * @returns This class.
   */
  static override detectClass(
    _dictionary: YamlDictionary,
  ): typeof GenesMetadata {
    return this;
  }

  /** The organism these are genes of, `unknown` where nobody said. */
  get organism(): string {
    return this.text("organism");
  }

  /** The number of genes. */
  get genesCount(): number {
    return this.count("genes_count");
  }

  /** The names of the arrays whose categories are in order, as `g.level`. */
  get ordered(): readonly string[] {
    const names = this.value("ordered");
    if (!Array.isArray(names)) return [];
    return names.filter((name) => typeof name === "string");
  }
}
