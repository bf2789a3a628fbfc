import type { YamlDictionary, YamlValue } from "../metadata/yaml_metadata.ts";
import { isPartName } from "./part_names.ts";

/** Folders of a container that are no members of it. */
const OTHER_FOLDERS: readonly string[] = ["cache", "genes"];

/** What a collection says of one of its members. */
export class CombinedMetadata {
  /** The name of the member. */
  readonly name: string;
  /** The number of profiles that it had when the collection was made. */
  readonly profilesCount: number;
  /** The identifier that it had when the collection was made. */
  readonly uuid: string;
  readonly #data: YamlDictionary;

  /**
   * Reads an entry of `combined_profiles`.
   *
   * @param yamlPath The path of the YAML file, for messages.
   * @param data The entry.
   * @throws {SyntaxError} If it is no entry, or the name is no name of a
   * member.
   */
  constructor(yamlPath: string, data: YamlValue) {
    if (typeof data !== "object" || data === null || Array.isArray(data)) {
      throw badEntry(yamlPath, data);
    }
    const { name, uuid, profiles_count } = this.#data = data as YamlDictionary;
    if (
      typeof name !== "string" || typeof uuid !== "string" ||
      typeof profiles_count !== "number" ||
      !(Number.isSafeInteger(profiles_count) && profiles_count >= 0)
    ) throw badEntry(yamlPath, data);
    const why = whyNoMemberName(name);
    if (why !== undefined) {
      throw new SyntaxError(
        `Cannot read ${yamlPath}: ${JSON.stringify(name)} is no name of a ` +
          `member: ${why}`,
      );
    }
    this.name = name;
    this.uuid = uuid;
    this.profilesCount = profiles_count;
  }

  /** Whether the member is a part of a split batch, whose name is not shown. */
  get isPart(): boolean {
    return isPartName(this.name);
  }

  /**
   * The entry as it stands in the file.
   *
   * @returns All keys, unknown ones too.
   */
  asDictionary(): YamlDictionary {
    return { ...this.#data };
  }
}

/**
 * Why a text can't be the name of a member, which is one segment of a path.
 *
 * @param name The text.
 * @returns What a message says, or undefined where it can.
 */
export function whyNoMemberName(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (/[/\\]/.test(name)) return "it is a path";
  if (name.startsWith(".")) return "it starts with a point";
  if (!name.isWellFormed()) return "it has half of a surrogate pair";
  return OTHER_FOLDERS.includes(name.toLowerCase())
    ? "the folder of that name is for other things"
    : undefined;
}

function badEntry(yamlPath: string, data: YamlValue): SyntaxError {
  return new SyntaxError(
    `Cannot read ${yamlPath}: an entry of combined_profiles is not a name, ` +
      `a uuid and a profiles_count: ${JSON.stringify(data)}`,
  );
}
