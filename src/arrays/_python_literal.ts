/**
 * The part of Python's literals that headers of npy files are written in:
 * strings, integers, True, False, None, tuples, lists and dictionaries with
 * texts as keys. Nothing is evaluated.
 */

/** A tuple or a list. */
export interface PythonSequence {
  /** Tells the kinds of values apart. */
  readonly kind: "tuple" | "list";
  /** The values in it. */
  readonly items: readonly PythonLiteral[];
  /** How it was written. */
  readonly text: string;
}

/** A dictionary. */
export interface PythonDictionary {
  /** Tells the kinds of values apart. */
  readonly kind: "dictionary";
  /** The values by their keys. */
  readonly entries: ReadonlyMap<string, PythonLiteral>;
}

/** A value that a literal stands for. */
export type PythonLiteral =
  | string
  | number
  | boolean
  | null
  | PythonSequence
  | PythonDictionary;

/** Thrown values are made by the caller, who knows the file. */
export type LiteralFailure = (position: number, why: string) => Error;

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["True", true],
  ["False", false],
  ["None", null],
]);
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  n: "\n",
  r: "\r",
  t: "\t",
};
/** Dtypes nest fields, none of those in use deeper than a few levels. */
const MAXIMUM_DEPTH = 32;

/** Parses a text that is one literal, with white space around it. */
export function parsePythonLiteral(
  text: string,
  failure: LiteralFailure,
): PythonLiteral {
  const parser = new LiteralParser(text, failure);
  return parser.parse();
}

class LiteralParser {
  readonly #text: string;
  readonly #failure: LiteralFailure;
  #position = 0;
  #depth = 0;

  constructor(text: string, failure: LiteralFailure) {
    this.#text = text;
    this.#failure = failure;
  }

  parse(): PythonLiteral {
    const value = this.#value();
    this.#skipSpace();
    if (this.#position === this.#text.length) return value;
    throw this.#unexpected("the end");
  }

  #value(): PythonLiteral {
    this.#skipSpace();
    const next = this.#text[this.#position];
    if (next === "{") return this.#dictionary();
    if (next === "(" || next === "[") return this.#sequence(next);
    const quote = this.#match(/[uUbB]?['"]/y);
    if (quote !== undefined) return this.#string(quote.at(-1)!);
    const digits = this.#match(/[+-]?[0-9]+(?![.0-9eEjJxX_])/y);
    if (digits !== undefined) return this.#integer(digits);
    const word = WORDS.get(this.#match(/True\b|False\b|None\b/y) ?? "");
    if (word !== undefined) return word;
    throw this.#unexpected("a value");
  }

  #integer(digits: string): number {
    // Python 2 wrote the shapes of some arrays as (10L, 3L).
    this.#match(/[lL]/y);
    return Number(digits);
  }

  #string(quote: string): string {
    const start = this.#position - 1;
    let value = "";
    while (true) {
      const plain = this.#match(/[^'"\\\r\n]+/y);
      if (plain !== undefined) value += plain;
      const next = this.#text[this.#position++];
      if (next === quote) return value;
      if (next === "'" || next === '"') value += next;
      else if (next === "\\") value += this.#escape();
      else throw this.#failure(start, "a text that begins here has no end");
    }
  }

  #escape(): string {
    const code = this.#match(
      /x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y,
    );
    const point = Number.parseInt(code?.slice(1) ?? "", 16);
    if (point <= 0x10ffff) return String.fromCodePoint(point);
    const plain = ESCAPES[this.#text[this.#position] ?? ""];
    if (plain === undefined) throw this.#unexpected("an escape");
    this.#position++;
    return plain;
  }

  #sequence(open: "(" | "["): PythonLiteral {
    const start = this.#position;
    const close = open === "(" ? ")" : "]";
    const items: PythonLiteral[] = [];
    const commas = this.#items(close, () => items.push(this.#value()));
    // Parentheses around one value and no comma only group.
    if (open === "(" && items.length === 1 && commas === 0) return items[0]!;
    const kind = open === "(" ? "tuple" : "list";
    return { kind, items, text: this.#text.slice(start, this.#position) };
  }

  #dictionary(): PythonDictionary {
    const entries = new Map<string, PythonLiteral>();
    this.#items("}", () => {
      const start = this.#position;
      const key = this.#value();
      if (typeof key !== "string") {
        throw this.#failure(start, "a key is not a text");
      }
      if (entries.has(key)) {
        throw this.#failure(
          start,
          `the key ${JSON.stringify(key)} is repeated`,
        );
      }
      this.#skipSpace();
      if (this.#match(/:/y) === undefined) throw this.#unexpected('":"');
      entries.set(key, this.#value());
    });
    return { kind: "dictionary", entries };
  }

  /** Reads what stands between brackets and returns how many commas did. */
  #items(close: string, readItem: () => void): number {
    if (++this.#depth > MAXIMUM_DEPTH) {
      throw this.#failure(this.#position, "it is nested too deeply");
    }
    this.#position++;
    let commas = 0;
    for (let needsComma = false;; needsComma = true) {
      this.#skipSpace();
      if (needsComma && this.#match(/,/y) !== undefined) {
        commas++;
        this.#skipSpace();
        needsComma = false;
      }
      if (this.#text[this.#position] === close) break;
      if (needsComma) throw this.#unexpected(`"," or "${close}"`);
      readItem();
    }
    this.#position++;
    this.#depth--;
    return commas;
  }

  #skipSpace(): void {
    this.#match(/[ \t\r\n\f]+/y);
  }

  /** Takes what a sticky pattern matches at the position. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    this.#position += found?.length ?? 0;
    return found;
  }

  #unexpected(wanted: string): Error {
    const found = this.#text[this.#position];
    const what = found === undefined ? "the end" : JSON.stringify(found);
    return this.#failure(this.#position, `${wanted} is expected, not ${what}`);
  }
}
