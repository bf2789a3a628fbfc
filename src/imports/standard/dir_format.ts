import { loadYaml, type YamlValue } from "../../metadata/yaml_metadata.ts";
import { CsvFormat } from "./csv_format.ts";

/**
 * How the CSV files of a multi-lane folder are laid out, as its `format.yaml`
 * says.
 *
 * @example The format of a folder
 * ```ts
 * import { DirFormat } from "@metacell/storage";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".yaml" });
 * await Deno.writeTextFile(
 *   path,
 *   "genes:\n  field_names: [id, name]\nprofiles:\n  separator: ';'\n",
 * );
 * const format = new DirFormat(path);
 * assertEquals(format.genes.fieldNames, ["id", "name"]);
 * assertEquals(format.profiles.separator, ";");
 * await Deno.remove(path);
 * ```
 */
export class DirFormat {
  /** The path of the `format.yaml`. */
  readonly path: string;
  /** The format of the genes CSV file. */
  readonly genes: CsvFormat;
  /** The format of the profiles CSV file. */
  readonly profiles: CsvFormat;

  /**
   * Reads a `format.yaml`. Needs `--allow-read` for it.
   *
   * @param path The path of the file.
   * @throws {SyntaxError} If it is not YAML, with the line; or an entry is
   * missing, or not as {@linkcode CsvFormat} can be.
   */
  constructor(path: string) {
    const { genes, profiles, ...others } = loadYaml(path);
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) {
      throw new SyntaxError(
        `Cannot read ${path}: ${unknown} is no key: there are genes, profiles`,
      );
    }
    this.path = path;
    this.genes = readEntry(path, "genes", genes);
    this.profiles = readEntry(path, "profiles", profiles);
  }
}

function readEntry(
  path: string,
  entry: string,
  data: YamlValue | undefined,
): CsvFormat {
  if (data !== undefined) return new CsvFormat(path, data, { entry });
  throw new SyntaxError(`Cannot read ${path}: the key ${entry} is missing`);
}
