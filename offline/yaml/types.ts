/** Where in the text an error is. */
export interface YamlPosition {
  /** Line number (1-indexed). */
  readonly line: number;
  /** Column number (1-indexed). */
  readonly column: number;
  /** Character offset in the input (0-indexed). */
  readonly offset: number;
}

/** The error of text that is not YAML. */
export class YamlSyntaxError extends SyntaxError {
  /** The line number where the error occurred (1-indexed). */
  readonly line: number;
  /** The column number where the error occurred (1-indexed). */
  readonly column: number;
  /** The character offset where the error occurred (0-indexed). */
  readonly offset: number;
  /** The text around the error, with a caret under the column. */
  readonly snippet?: string;

  /**
   * @param message What is wrong.
   * @param position Where.
   * @param snippet The text around it.
   */
  constructor(message: string, position: YamlPosition, snippet?: string) {
    const where = `at line ${position.line}, column ${position.column}`;
    super(`${message} ${where}${snippet ? `:\n${snippet}` : ""}`);
    this.name = "YamlSyntaxError";
    this.line = position.line;
    this.column = position.column;
    this.offset = position.offset;
    if (snippet !== undefined) this.snippet = snippet;
  }
}
