/** Marks up text for a terminal, or leaves it as it is. */
export interface Style {
  /** Headings. */
  bold(text: string): string;
  /** What matters least. */
  dim(text: string): string;
  /** Names of commands and options. */
  cyan(text: string): string;
  /** What went well; cells in plots. */
  green(text: string): string;
  /** Marks in plots. */
  yellow(text: string): string;
  /** Errors. */
  red(text: string): string;
}

/**
 * A style with colours or one without.
 *
 * @param hasColor Whether colours are wanted.
 * @returns The style.
 */
export function createStyle(hasColor: boolean): Style {
  const paint = (on: number, off: number) => (text: string) =>
    hasColor && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    cyan: paint(36, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    red: paint(31, 39),
  };
}
