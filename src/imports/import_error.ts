/** The most characters of a source's text that a message repeats. */
const QUOTED_LENGTH = 40;

/**
 * Makes the error that a text source can't be imported for.
 *
 * @param path The path of the file.
 * @param line The line, from 1, of the text as it is when inflated.
 * @param why What is wrong there.
 * @returns The error, to be thrown.
 */
export function lineError(
  path: string,
  line: number,
  why: string,
): SyntaxError {
  return new SyntaxError(`Cannot import ${path}: line ${line}: ${why}`);
}

/**
 * Quotes a piece of a source in a message, shortened and on one line.
 *
 * @param text The text, or its bytes.
 * @returns The text in quotes.
 */
export function quote(text: string | Uint8Array): string {
  const whole = typeof text === "string"
    ? text
    : new TextDecoder().decode(text.subarray(0, 4 * QUOTED_LENGTH + 4));
  const characters = [...whole.slice(0, 2 * QUOTED_LENGTH + 2)];
  if (characters.length <= QUOTED_LENGTH) return JSON.stringify(whole);
  return JSON.stringify(characters.slice(0, QUOTED_LENGTH).join("") + "…");
}

/**
 * Lists a few of many names in a message.
 *
 * @param names The names.
 * @param most How many are listed before the rest is only counted.
 * @returns The names, separated by commas.
 */
export function listSome(names: readonly string[], most = 10): string {
  const some = names.slice(0, most).join(", ");
  const rest = names.length - most;
  return rest > 0 ? `${some} and ${rest} more` : some;
}
