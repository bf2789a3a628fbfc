import {
  type JsYamlError,
  safeLoad,
  SCHEMAS,
  type SchemaType,
  YAMLException,
} from "./js_yaml.ts";
import { YamlSyntaxError } from "./types.ts";

export type { SchemaType };

/** Options for {@linkcode parse}. */
export interface ParseOptions {
  /**
   * Name of the schema to use.
   *
   * @default {"default"}
   */
  schema?: SchemaType;
}

/**
 * Parses one YAML document.
 *
 * @param content The text.
 * @param options Which schema.
 * @returns The document, or null where it is empty.
 * @throws {YamlSyntaxError} Where the text is not YAML.
 */
export function parse(content: string, options: ParseOptions = {}): unknown {
  const schema = SCHEMAS[options.schema ?? "default"];
  try {
    return safeLoad(content, { schema }) ?? null;
  } catch (error) {
    if (error instanceof YAMLException) throw syntaxError(error);
    throw error;
  }
}

function syntaxError({ reason, mark }: JsYamlError): YamlSyntaxError {
  return new YamlSyntaxError(
    reason,
    {
      line: (mark?.line ?? 0) + 1,
      column: (mark?.column ?? 0) + 1,
      offset: mark?.position ?? 0,
    },
    mark?.getSnippet() ?? undefined,
  );
}
