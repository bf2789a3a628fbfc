import type { OptionSpec } from "./options.ts";

/** What the module calls by names of its own. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  genes: "genes-set",
};

/**
 * Rewrites a message of the module, which has its options in backticks, for
 * who types them.
 *
 * @param message The message, as `it is there (`force` replaces it)`.
 * @param options The options that the command takes.
 * @param otherNames What the command calls by names of its own.
 * @returns The message, with `--force` where the command takes that.
 */
export function nameOptions(
  message: string,
  options: readonly OptionSpec[],
  otherNames: Readonly<Record<string, string>> = {},
): string {
  const names = { ...OTHER_NAMES, ...otherNames };
  return message.replace(/`([a-z]+(?:[A-Z][a-z]+)*)`/g, (quoted, word) => {
    const name = Object.hasOwn(names, word) ? names[word]! : kebab(word);
    return options.some((option) => option.name === name)
      ? `--${name}`
      : quoted;
  });
}

/** As `genes-in` of `genesIn`. */
function kebab(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
