import jsYaml from "js-yaml";

/** What js-yaml throws. */
export interface JsYamlError extends Error {
  /** What is wrong. */
  readonly reason: string;
  /** Where in the text that is parsed. */
  readonly mark?: {
    readonly line: number;
    readonly column: number;
    readonly position: number;
    getSnippet(): string | null;
  };
}

/** Name of the schema to use. */
export type SchemaType = "failsafe" | "json" | "core" | "default";

/** The part of js-yaml that is called: the package has no types of its own. */
export const { safeDump, safeLoad, YAMLException }: {
  safeDump(data: unknown, options: object): string;
  safeLoad(content: string, options: object): unknown;
  YAMLException: new () => JsYamlError;
} = jsYaml;

/** The schemas of js-yaml by the names of the real package. */
export const SCHEMAS: Readonly<Record<SchemaType, unknown>> = {
  failsafe: jsYaml.FAILSAFE_SCHEMA,
  json: jsYaml.JSON_SCHEMA,
  core: jsYaml.CORE_SCHEMA,
  default: jsYaml.DEFAULT_SAFE_SCHEMA,
};

// 1:30 is text to the real package, and sixties to js-yaml.
for (const type of jsYaml.CORE_SCHEMA.compiledImplicit) {
  const resolve: (text: string | null) => boolean = type.resolve;
  type.resolve = (text: string | null) => !text?.includes(":") && resolve(text);
}
