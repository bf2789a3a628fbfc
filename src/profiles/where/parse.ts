/**
 * The expressions that choose profiles or genes, as `view --where` takes them.
 * From what binds the least: `or`, `and`, `not`, then comparisons.
 */
import {
  type Axis,
  type Keyword,
  type Sign,
  type Token,
  tokenize,
  whereError,
} from "./tokens.ts";

/** Data of a name. */
export interface NameNode {
  /** Tells the kinds of nodes apart. */
  readonly kind: "name";
  /** Whether the data are of profiles or genes. */
  readonly axis: Axis;
  /** The name of the data, without the kind. */
  readonly name: string;
  /** Where it stands in the expression, from 0. */
  readonly position: number;
}

/** A value that stands in the expression. */
export interface LiteralNode {
  /** Tells the kinds of nodes apart. */
  readonly kind: "literal";
  /** The value. */
  readonly value: bigint | boolean | number | string;
  /** Where it stands in the expression, from 0. */
  readonly position: number;
}

/** What can be compared. */
export type OperandNode = NameNode | LiteralNode;

/** How two values are compared. */
export type Comparison = "!=" | "<" | "<=" | "==" | ">" | ">=";

/** What is true or false of each profile or gene. */
export type WhereNode =
  | {
    readonly kind: "and" | "or";
    readonly parts: readonly WhereNode[];
    readonly position: number;
  }
  | {
    readonly kind: "not";
    readonly part: WhereNode;
    readonly position: number;
  }
  | {
    readonly kind: "compare";
    readonly operator: Comparison;
    readonly left: OperandNode;
    readonly right: OperandNode;
    readonly position: number;
  }
  | {
    readonly kind: "in";
    readonly operand: NameNode;
    readonly values: readonly LiteralNode[];
    readonly isNegated: boolean;
    readonly position: number;
  }
  | {
    readonly kind: "matches";
    readonly operand: NameNode;
    readonly pattern: RegExp;
    readonly isNegated: boolean;
    readonly position: number;
  }
  | {
    readonly kind: "missing";
    readonly operand: NameNode;
    readonly isNegated: boolean;
    readonly position: number;
  }
  | {
    readonly kind: "truth";
    readonly operand: NameNode;
    readonly position: number;
  };

const COMPARISONS: readonly string[] = ["!=", "<", "<=", "==", ">", ">="];

/** Far more than anybody writes, and far less than the stack holds. */
const MOST_DEPTH = 200;

/**
 * Parses an expression.
 *
 * @param expression The expression.
 * @returns What it says.
 * @throws {SyntaxError} If it is no expression; the message has the place.
 */
export function parseWhere(expression: string): WhereNode {
  return new Parser(expression).parse();
}

/** Goes through the pieces of one expression. */
class Parser {
  readonly #expression: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokenize(expression);
  }

  parse(): WhereNode {
    const node = this.#parseOr();
    if (this.#next.kind !== "end") {
      throw this.#unexpected("and, or or the end");
    }
    return node;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #parseOr(): WhereNode {
    return this.#parseList("or", () => this.#parseAnd());
  }

  #parseAnd(): WhereNode {
    return this.#parseList("and", () => this.#parseNot());
  }

  #parseList(kind: "and" | "or", parsePart: () => WhereNode): WhereNode {
    const { position } = this.#next;
    const first = parsePart();
    const parts = [first];
    while (this.#takeKeyword(kind)) parts.push(parsePart());
    return parts.length === 1 ? first : { kind, parts, position };
  }

  #parseNot(): WhereNode {
    const { position } = this.#next;
    if (++this.#depth > MOST_DEPTH) {
      throw this.#error(position, "it is nested too deep");
    }
    const node: WhereNode = this.#takeKeyword("not")
      ? { kind: "not", part: this.#parseNot(), position }
      : this.#takeSign("(")
      ? this.#parseRest()
      : this.#parseComparison();
    this.#depth--;
    return node;
  }

  /** What is in parentheses, behind the first of them. */
  #parseRest(): WhereNode {
    const node = this.#parseOr();
    if (!this.#takeSign(")")) throw this.#unexpected("and, or or )");
    return node;
  }

  #parseComparison(): WhereNode {
    const left = this.#parseOperand();
    const { position } = this.#next;
    const operator = this.#takeComparison();
    if (operator !== undefined) {
      const right = this.#parseOperand();
      this.#checkNoChain();
      if (left.kind === "literal" && right.kind === "literal") {
        throw this.#error(position, "neither side is the name of data");
      }
      return { kind: "compare", operator, left, right, position };
    }
    const isOperator = this.#isKeyword("not") || this.#isKeyword("in") ||
      this.#isKeyword("matches") || this.#isKeyword("is");
    if (left.kind === "literal") {
      throw isOperator
        ? this.#error(left.position, "the name of data is missing, p. or g.")
        : this.#unexpected("a comparison");
    }
    return isOperator
      ? this.#parseTest(left, position)
      : { kind: "truth", operand: left, position: left.position };
  }

  #checkNoChain(): void {
    if (this.#takeComparison() === undefined) return;
    const { position } = this.#tokens[this.#at - 1]!;
    const why = "comparisons do not chain; join two by and";
    throw this.#error(position, why);
  }

  /** What can follow a name but a comparison. */
  #parseTest(operand: NameNode, position: number): WhereNode {
    if (this.#takeKeyword("is")) {
      const isNegated = this.#takeKeyword("not");
      if (!this.#takeKeyword("missing")) throw this.#unexpected("missing");
      return { kind: "missing", operand, isNegated, position };
    }
    const isNegated = this.#takeKeyword("not");
    if (this.#takeKeyword("in")) {
      const values = this.#parseValues();
      return { kind: "in", operand, values, isNegated, position };
    }
    if (!this.#takeKeyword("matches")) throw this.#unexpected("in or matches");
    const pattern = this.#parsePattern(ignoresCase(operand));
    return { kind: "matches", operand, pattern, isNegated, position };
  }

  #parseValues(): LiteralNode[] {
    if (!this.#takeSign("[")) throw this.#unexpected("[");
    const values: LiteralNode[] = [];
    do {
      const value = this.#parseOperand();
      if (value.kind === "name") {
        throw this.#error(value.position, "a list has values alone");
      }
      values.push(value);
    } while (this.#takeSign(","));
    if (!this.#takeSign("]")) throw this.#unexpected(", or ]");
    return values;
  }

  #parsePattern(isCaseless: boolean): RegExp {
    const token = this.#next;
    if (token.kind !== "text") {
      throw this.#unexpected("a regular expression in quotes");
    }
    this.#at++;
    try {
      return new RegExp(token.value, isCaseless ? "iu" : "u");
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw this.#error(token.position, lowerFirst(why));
    }
  }

  #parseOperand(): OperandNode {
    const token = this.#next;
    const { position } = token;
    const value = valueOf(token);
    if (token.kind !== "name" && value === undefined) {
      throw this.#unexpected("p.NAME, g.NAME or a value");
    }
    this.#at++;
    if (value !== undefined) return { kind: "literal", value, position };
    const { axis, name } = token as Token & { kind: "name" };
    return { kind: "name", axis, name, position };
  }

  #takeComparison(): Comparison | undefined {
    const token = this.#next;
    if (token.kind !== "sign" || !COMPARISONS.includes(token.sign)) {
      return undefined;
    }
    this.#at++;
    return token.sign as Comparison;
  }

  #isKeyword(keyword: Keyword): boolean {
    const token = this.#next;
    return token.kind === "keyword" && token.keyword === keyword;
  }

  #takeKeyword(keyword: Keyword): boolean {
    if (!this.#isKeyword(keyword)) return false;
    this.#at++;
    return true;
  }

  #takeSign(sign: Sign): boolean {
    const token = this.#next;
    if (token.kind !== "sign" || token.sign !== sign) return false;
    this.#at++;
    return true;
  }

  #unexpected(expected: string): SyntaxError {
    const { kind, position, text } = this.#next;
    const found = kind === "end" ? "the end" : text;
    return this.#error(position, `expected ${expected}, found ${found}`);
  }

  #error(position: number, why: string): SyntaxError {
    return whereError(this.#expression, position, why);
  }
}

/**
 * Whether data are compared in any case: names of genes are, as everywhere.
 *
 * @param operand The data.
 * @returns True for `g.name`.
 */
export function ignoresCase({ axis, name }: NameNode): boolean {
  return axis === "g" && name === "name";
}

function valueOf(token: Token): LiteralNode["value"] | undefined {
  if (token.kind === "number" || token.kind === "text") return token.value;
  if (token.kind !== "keyword") return undefined;
  if (token.keyword === "true") return true;
  return token.keyword === "false" ? false : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
