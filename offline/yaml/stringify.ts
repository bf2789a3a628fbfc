import {
  safeDump,
  SCHEMAS,
  type SchemaType,
  YAMLException,
} from "./js_yaml.ts";

export type { SchemaType };

/** Options for {@linkcode stringify}. */
export type StringifyOptions = {
  /**
   * Name of the schema to use.
   *
   * @default {"default"}
   */
  schema?: SchemaType;
  /**
   * If true, sort keys in ascending, ASCII character order.
   *
   * @default {false}
   */
  sortKeys?: boolean;
  /**
   * Set max line width.
   *
   * @default {80}
   */
  lineWidth?: number;
  /**
   * If false, don't convert duplicate objects into references.
   *
   * @default {true}
   */
  useAnchors?: boolean;
};

/**
 * Writes a value as a YAML document.
 *
 * @param data The value.
 * @param options How to write it.
 * @returns The text.
 * @throws {TypeError} Where a value has no place in YAML, undefined included.
 */
export function stringify(
  data: unknown,
  options: StringifyOptions = {},
): string {
  const { schema = "default", useAnchors = true, ...rest } = options;
  try {
    return safeDump(data, {
      ...rest,
      schema: SCHEMAS[schema],
      noRefs: !useAnchors,
    });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new TypeError(`Cannot stringify: ${error.reason}`, { cause: error });
  }
}
