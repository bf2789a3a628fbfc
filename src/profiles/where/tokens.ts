/** A word of an expression that has a meaning of its own. */
export type Keyword =
  | "and"
  | "false"
  | "in"
  | "is"
  | "matches"
  | "missing"
  | "not"
  | "or"
  | "true";

/** A sign of an expression. */
export type Sign =
  | "!="
  | "("
  | ")"
  | ","
  | "<"
  | "<="
  | "=="
  | ">"
  | ">="
  | "["
  | "]";

/** Which axis data are of: `p` a value a profile, `g` a value a gene. */
export type Axis = "g" | "p";

/** A piece of an expression. */
export type Token =
  & { readonly position: number; readonly text: string }
  & (
    | { readonly kind: "name"; readonly axis: Axis; readonly name: string }
    | { readonly kind: "number"; readonly value: bigint | number }
    | { readonly kind: "text"; readonly value: string }
    | { readonly kind: "keyword"; readonly keyword: Keyword }
    | { readonly kind: "sign"; readonly sign: Sign }
    | { readonly kind: "end" }
  );

const KEYWORDS: readonly string[] = [
  "and",
  "false",
  "in",
  "is",
  "matches",
  "missing",
  "not",
  "or",
  "true",
] satisfies Keyword[];

const BLANK = /\s+/y;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const INTEGER = /^[+-]?\d+$/;
const QUOTED = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/sy;
const NAME = /([gp])\.([\p{L}\p{N}_][\p{L}\p{N}_.]*)?/uy;
const SIGN = /==|!=|<=|>=|[<>()[\],]/y;
const WORD = /[\p{L}\p{N}_.]+/uy;

/** The longest expression that a message shows whole. */
const SHOWN_LENGTH = 60;

/**
 * Makes the error of an expression that can't be understood.
 *
 * @param expression The expression.
 * @param position Where in it, from 0.
 * @param why What is wrong there.
 * @returns The error, whose message counts characters from 1.
 */
export function whereError(
  expression: string,
  position: number,
  why: string,
): SyntaxError {
  return new SyntaxError(
    `Cannot parse ${shorten(expression)}: at character ${position + 1}: ${why}`,
  );
}

/**
 * An expression as messages show it, in one line.
 *
 * @param expression The expression.
 * @returns It, or its start where it is long.
 */
export function shorten(expression: string): string {
  const line = expression.replace(/\s+/g, " ").trim();
  const shown = line.length > SHOWN_LENGTH
    ? `${line.slice(0, SHOWN_LENGTH)}…`
    : line;
  return shown === "" ? "an empty expression" : shown;
}

/**
 * Cuts an expression into its pieces.
 *
 * @param expression The expression.
 * @returns The pieces, the last of which is the end.
 * @throws {SyntaxError} If something in it is no piece of an expression.
 */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  let position = skipBlank(expression, 0);
  while (position < expression.length) {
    const token = readToken(expression, position);
    tokens.push(token);
    position = skipBlank(expression, position + token.text.length);
  }
  return [...tokens, { kind: "end", position, text: "" }];
}

function skipBlank(expression: string, position: number): number {
  return position + (match(BLANK, expression, position)?.[0].length ?? 0);
}

function readToken(expression: string, position: number): Token {
  return readQuoted(expression, position) ?? readName(expression, position) ??
    readNumber(expression, position) ?? readSign(expression, position) ??
    readWord(expression, position);
}

function readQuoted(expression: string, position: number): Token | undefined {
  if (!/["']/.test(expression[position]!)) return undefined;
  const text = match(QUOTED, expression, position)?.[0];
  if (text === undefined) {
    throw whereError(expression, position, "the quote is not closed");
  }
  return { kind: "text", value: unquote(text), text, position };
}

/** Only a quote and a backslash need one, so that `\d` stays as it is. */
function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(["'\\])/g, "$1");
}

/** A name of data is a word, or in quotes: `p.type`, `p."cell type"`. */
function readName(expression: string, position: number): Token | undefined {
  const found = match(NAME, expression, position);
  if (!found) return undefined;
  const axis = found[1] as Axis;
  if (found[2] !== undefined) {
    const name = found[2];
    return { kind: "name", axis, name, text: found[0], position };
  }
  const start = position + found[0].length;
  const quoted = start < expression.length
    ? readQuoted(expression, start)
    : undefined;
  if (quoted?.kind !== "text" || quoted.value === "") {
    throw whereError(expression, start, "the name of data is missing");
  }
  const text = found[0] + quoted.text;
  return { kind: "name", axis, name: quoted.value, text, position };
}

function readNumber(expression: string, position: number): Token | undefined {
  const text = match(NUMBER, expression, position)?.[0];
  if (text === undefined) return undefined;
  const after = match(WORD, expression, position + text.length)?.[0];
  if (after !== undefined) {
    const why = `${text}${after} is no number`;
    throw whereError(expression, position, why);
  }
  return { kind: "number", value: numberOf(text), text, position };
}

/** An integer that a float64 can't hold stays exact. */
function numberOf(text: string): bigint | number {
  const value = Number(text);
  if (!INTEGER.test(text) || Number.isSafeInteger(value)) return value;
  return BigInt(text.replace(/^\+/, ""));
}

function readSign(expression: string, position: number): Token | undefined {
  const text = match(SIGN, expression, position)?.[0];
  if (text === undefined) return undefined;
  return { kind: "sign", sign: text as Sign, text, position };
}

function readWord(expression: string, position: number): Token {
  const text = match(WORD, expression, position)?.[0];
  if (text !== undefined && KEYWORDS.includes(text)) {
    return { kind: "keyword", keyword: text as Keyword, text, position };
  }
  throw whereError(
    expression,
    position,
    whyNoToken(expression, position, text),
  );
}

function whyNoToken(
  expression: string,
  position: number,
  word: string | undefined,
): string {
  if (word !== undefined) {
    return KEYWORDS.includes(word.toLowerCase())
      ? `${word} is written ${word.toLowerCase()}`
      : `${word} is no word of an expression; data are p.NAME or g.NAME, ` +
        "texts are in quotes";
  }
  const sign = String.fromCodePoint(expression.codePointAt(position)!);
  const hints: Readonly<Record<string, string>> = {
    "=": "; equal is ==",
    "!": "; not is not, and unequal !=",
    "&": "; and is and",
    "|": "; or is or",
  };
  return `${sign} has no meaning here${hints[sign] ?? ""}`;
}

function match(
  pattern: RegExp,
  text: string,
  position: number,
): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
