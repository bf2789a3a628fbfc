import { parse, stringify } from "@std/yaml";
import { writeFileAtomically } from "../io/atomic.ts";
import { readFileText } from "../io/files.ts";
import { parentPath } from "../io/paths.ts";

/** A value that a YAML file can hold. */
export type YamlValue =
  | string
  | number
  | boolean
  | null
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** What a YAML file holds: keys and their values. */
export type YamlDictionary = { readonly [key: string]: YamlValue };

/** The type that the value of a required key must have. */
export type YamlKeyType = "text" | "count" | "list";

/** The keys that a file must have, and the types of their values. */
export type YamlKeys = Readonly<Record<string, YamlKeyType>>;

/** A class of metadata, as {@linkcode YamlMetadata.detectClass} gives it. */
export interface YamlMetadataClass<M extends YamlMetadata = YamlMetadata> {
  /** The keys that a file must have. */
  readonly requiredKeys: YamlKeys;
  /** Makes metadata of what a file holds. */
  new (yamlPath: string, dictionary: YamlDictionary): M;
}

/**
 * Metadata that is kept in a YAML file (core schema, so that a date stays a
 * text). Required keys are checked; other keys are kept as they are and
 * survive when the file is written again.
 *
 * @example Write metadata and load it
 * ```ts
 * import { YamlMetadata } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const yamlPath = `${folder}/some.yaml`;
 * const uuid = "90015098-3cd2-4fb0-d696-3f7d28e17f72";
 * new YamlMetadata(yamlPath, { uuid, note: "kept" }).dump();
 *
 * const metadata = YamlMetadata.load(yamlPath);
 * assertEquals(metadata.uuid, uuid);
 * assertEquals(metadata.asDictionary({ note: "new" }), { uuid, note: "new" });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class YamlMetadata {
  /** The keys that a file must have, and the types of their values. */
  static readonly requiredKeys: YamlKeys = { uuid: "text" };

  /** The names of attributes that are never written to the file. */
  static readonly removedKeys: readonly string[] = ["path", "yaml_path"];

  /** The path of the YAML file. */
  readonly yamlPath: string;

  #dictionary: YamlDictionary;

  /**
   * Makes metadata, and checks the required keys of their class.
   *
   * @param yamlPath The path of the YAML file.
   * @param dictionary What it holds, or is to hold.
   * @throws {SyntaxError} If a required key is missing or has another type.
   */
  constructor(yamlPath: string, dictionary: YamlDictionary) {
    this.yamlPath = yamlPath;
    this.#dictionary = dictionary;
    const { requiredKeys } = new.target;
    for (const [key, type] of Object.entries(requiredKeys)) {
      checkKey(yamlPath, dictionary, key, type);
    }
  }

  /** The path of the folder that holds the data. */
  get path(): string {
    return parentPath(this.yamlPath);
  }

  /** The globally unique identifier of the data. */
  get uuid(): string {
    return this.text("uuid");
  }

  /**
   * Loads the metadata of a file, as the class that its keys call for.
   *
   * @param yamlPath The path of the file.
   * @returns The metadata.
   * @throws {SyntaxError} If the file is not YAML, or a key is missing or has
   * a wrong type; the message names file and key.
   */
  static load(yamlPath: string): YamlMetadata {
    const dictionary = loadYaml(yamlPath);
    const metadataClass = this.detectClass(dictionary);
    return new metadataClass(yamlPath, dictionary);
  }

  /**
   * Decides which class the metadata of a file have.
   *
   * @param _dictionary What the file holds.
   * @returns This class; classes with kinds look at the keys.
   */
  static detectClass(_dictionary: YamlDictionary): YamlMetadataClass {
    return this;
  }

  /**
   * The metadata as they are written to the file.
   *
   * @param changes Keys to set; `undefined` removes one.
   * @returns A new dictionary without the keys that are never written.
   */
  asDictionary(
    changes: Readonly<Record<string, YamlValue | undefined>> = {},
  ): YamlDictionary {
    const { removedKeys } = this.constructor as typeof YamlMetadata;
    const entries = Object.entries({ ...this.#dictionary, ...changes });
    return Object.fromEntries(
      entries.filter((entry): entry is [string, YamlValue] =>
        entry[1] !== undefined && !removedKeys.includes(entry[0])
      ),
    );
  }

  /**
   * Writes the metadata to the file, whole or not at all.
   *
   * @param yamlPath The path, by default that which they came from.
   * @param changes Keys to set; `undefined` removes one.
   */
  dump(
    yamlPath: string = this.yamlPath,
    changes: Readonly<Record<string, YamlValue | undefined>> = {},
  ): void {
    const dictionary = this.asDictionary(changes);
    dumpYaml(yamlPath, dictionary);
    if (yamlPath === this.yamlPath) this.#dictionary = dictionary;
  }

  /**
   * The value of a key, required or not.
   *
   * @param key The key as it stands in the file.
   * @returns The value, or undefined.
   */
  value(key: string): YamlValue | undefined {
    return this.#dictionary[key];
  }

  /**
   * The value of a required key that is a text.
   *
   * @param key The key as it stands in the file.
   * @returns The text.
   */
  protected text(key: string): string {
    checkKey(this.yamlPath, this.#dictionary, key, "text");
    return this.#dictionary[key] as string;
  }

  /**
   * The value of a required key that is a count.
   *
   * @param key The key as it stands in the file.
   * @returns The count.
   */
  protected count(key: string): number {
    checkKey(this.yamlPath, this.#dictionary, key, "count");
    return this.#dictionary[key] as number;
  }
}

/**
 * Reads a YAML file whose top is a dictionary, with the core schema.
 *
 * @param yamlPath The path of the file.
 * @returns What it holds.
 * @throws {SyntaxError} If it is not such a file.
 */
export function loadYaml(yamlPath: string): YamlDictionary {
  const text = readFileText(yamlPath);
  let data: unknown;
  try {
    data = parse(text, { schema: "core" });
  } catch (error) {
    const why = (error as Error).message.split("\n")[0];
    throw new SyntaxError(`Cannot read ${yamlPath}: it is not YAML: ${why}`, {
      cause: error,
    });
  }
  if (typeof data === "object" && data !== null && !Array.isArray(data)) {
    return data as YamlDictionary;
  }
  throw new SyntaxError(`Cannot read ${yamlPath}: it holds no keys`);
}

/**
 * Writes a YAML file, whole or not at all.
 *
 * @param yamlPath The path of the file.
 * @param dictionary What it is to hold.
 */
export function dumpYaml(yamlPath: string, dictionary: YamlDictionary): void {
  writeFileAtomically(yamlPath, stringify(dictionary, { schema: "core" }));
}

function checkKey(
  yamlPath: string,
  dictionary: YamlDictionary,
  key: string,
  type: YamlKeyType,
): void {
  const value = Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
  if (value === undefined) {
    throw new SyntaxError(`Cannot read ${yamlPath}: the key ${key} is missing`);
  }
  const isRight = type === "text"
    ? typeof value === "string"
    : type === "list"
    ? Array.isArray(value)
    : Number.isSafeInteger(value) && (value as number) >= 0;
  if (isRight) return;
  throw new SyntaxError(
    `Cannot read ${yamlPath}: the value of ${key} is not a ${type}: ` +
      JSON.stringify(value),
  );
}
