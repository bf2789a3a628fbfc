import type { Separator } from "../../io/delimited.ts";
import type {
  YamlDictionary,
  YamlValue,
} from "../../metadata/yaml_metadata.ts";
import { quote } from "../import_error.ts";

/** What the values of a field are. */
export type FieldType = "text" | "int" | "float" | "bool";

/** What a `format.yaml` can say of a file. */
const KEYS: readonly string[] = ["separator", "field_names", "field_types"];

const SEPARATORS: readonly Separator[] = [",", "\t", ";", "|"];

/** The types by what the file calls them: those of Python too. */
const TYPES: ReadonlyMap<YamlValue, FieldType> = new Map([
  ["text", "text"],
  ["str", "text"],
  ["int", "int"],
  ["float", "float"],
  ["bool", "bool"],
]);

/**
 * How a CSV file of a multi-lane folder is laid out, as an entry of its
 * `format.yaml` says. {@linkcode DirFormat} has both entries.
 *
 * @example A file without a header
 * ```ts
 * import { CsvFormat } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const format = new CsvFormat("format.yaml", {
 *   separator: "\t",
 *   field_names: ["lane", "barcode", "age"],
 *   field_types: { age: "int" },
 * });
 * assertEquals(format.separator, "\t");
 * assertEquals(format.fieldNames, ["lane", "barcode", "age"]);
 * assertEquals(format.typeOf("age"), "int");
 * assertEquals(format.typeOf("barcode"), "text");
 * ```
 */
export class CsvFormat {
  /** The separator between fields, a comma unless the entry says another. */
  readonly separator: Separator;
  /** The names of the fields of a file that has no header line. */
  readonly fieldNames: readonly string[] | undefined;
  /** The types of fields; those of others are texts. */
  readonly fieldTypes: ReadonlyMap<string, FieldType>;

  /**
   * Reads an entry of a `format.yaml`.
   *
   * @param path The path of the file, for messages.
   * @param data The entry: a dictionary, or null where all is as usual.
   * @param options What messages call the entry.
   * @throws {SyntaxError} If the entry has another key, or a value of a key
   * can't be; the message names the key.
   */
  constructor(
    path: string,
    data: YamlValue,
    options: { readonly entry?: string } = {},
  ) {
    const { entry } = options;
    const prefix = entry === undefined ? "" : `${entry}.`;
    const fail = (key: string, why: string) =>
      new SyntaxError(`Cannot read ${path}: ${prefix}${key} ${why}`);
    const dictionary = data ?? {};
    if (!isDictionary(dictionary)) {
      const what = entry ?? "the format of a file";
      const why = `is ${shown(data)}, and not a dictionary`;
      throw new SyntaxError(`Cannot read ${path}: ${what} ${why}`);
    }
    const unknown = Object.keys(dictionary).find((key) => !KEYS.includes(key));
    if (unknown !== undefined) {
      throw fail(unknown, `is no key: there are ${KEYS.join(", ")}`);
    }
    this.separator = takeSeparator(dictionary, fail);
    this.fieldNames = takeNames(dictionary, fail);
    this.fieldTypes = takeTypes(dictionary, fail);
  }

  /**
   * The type of a field.
   *
   * @param name The name of the field.
   * @returns The type, `text` where none is given.
   */
  typeOf(name: string): FieldType {
    return this.fieldTypes.get(name) ?? "text";
  }
}

type Fail = (key: string, why: string) => SyntaxError;

function takeSeparator(data: YamlDictionary, fail: Fail): Separator {
  const value = data.separator ?? ",";
  const found = SEPARATORS.find((separator) => separator === value);
  if (found !== undefined) return found;
  const known = SEPARATORS.map(shown).join(", ");
  throw fail("separator", `is ${shown(value)}, and not one of ${known}`);
}

function takeNames(
  data: YamlDictionary,
  fail: Fail,
): readonly string[] | undefined {
  const { field_names: value } = data;
  if (value === undefined || value === null) return undefined;
  const isList = Array.isArray(value) && value.length > 0;
  if (!isList || !value.every(isName)) {
    throw fail("field_names", `is ${shown(value)}, and not a list of names`);
  }
  const repeated = value.find((name, at) => value.indexOf(name) !== at);
  if (repeated === undefined) return value;
  throw fail("field_names", `has ${shown(repeated)} twice`);
}

function takeTypes(
  data: YamlDictionary,
  fail: Fail,
): ReadonlyMap<string, FieldType> {
  const value = data.field_types ?? {};
  if (!isDictionary(value)) {
    const why = `is ${shown(value)}, and not a dictionary of types`;
    throw fail("field_types", why);
  }
  return new Map(
    Object.entries(value).map(([name, text]) => {
      const type = TYPES.get(text);
      if (type !== undefined) return [name, type];
      const known = [...TYPES.keys()].join(", ");
      const why = `is ${shown(text)}, and not one of ${known}`;
      throw fail(`field_types.${name}`, why);
    }),
  );
}

function isDictionary(value: YamlValue): value is YamlDictionary {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function shown(value: YamlValue): string {
  return typeof value === "string"
    ? quote(value)
    : JSON.stringify(value).slice(0, 40);
}
