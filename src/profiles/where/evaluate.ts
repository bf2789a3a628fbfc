import { compareCodePoints } from "../../arrays/compare.ts";
import { type Column, kindOfValue, showValue } from "./columns.ts";
import type { WhereValue } from "./columns.ts";
import {
  type Comparison,
  ignoresCase,
  type LiteralNode,
  type NameNode,
  type OperandNode,
  type WhereNode,
} from "./parse.ts";
import { whereError } from "./tokens.ts";

/** What an expression is about. */
export interface WhereData {
  /** The expression, for messages. */
  readonly expression: string;
  /** How many profiles, or genes, there are. */
  readonly length: number;
  /**
   * Data of a name.
   *
   * @param name The name, as it stands in the expression.
   * @returns The data.
   */
  column(name: NameNode): Column;
}

type Test = (value: WhereValue) => boolean;

/**
 * Tells of what an expression is true. What compares a value that is missing
 * is false, whichever way it compares.
 *
 * @param node The expression.
 * @param data What it is about.
 * @returns 1 where it is true, else 0.
 * @throws {SyntaxError} If it compares what can't be compared.
 */
export function evaluateWhere(node: WhereNode, data: WhereData): Uint8Array {
  switch (node.kind) {
    case "and":
    case "or":
      return evaluateList(node, data);
    case "not":
      return evaluateWhere(node.part, data).map((value) => 1 - value);
    case "compare":
      return evaluateComparison(node, data);
    case "in":
      return evaluateIn(node, data);
    case "matches":
      return evaluateMatches(node, data);
    case "missing":
      return evaluateMissing(node, data);
    case "truth":
      return evaluateTruth(node, data);
  }
}

function evaluateList(
  node: WhereNode & { readonly kind: "and" | "or" },
  data: WhereData,
): Uint8Array {
  const [first, ...rest] = node.parts;
  const result = evaluateWhere(first!, data);
  const isAnd = node.kind === "and";
  for (const part of rest) {
    const other = evaluateWhere(part, data);
    for (let at = 0; at < result.length; at++) {
      if (isAnd) result[at]! &= other[at]!;
      else result[at]! |= other[at]!;
    }
  }
  return result;
}

function evaluateComparison(
  node: WhereNode & { readonly kind: "compare" },
  data: WhereData,
): Uint8Array {
  const { left, operator, right } = node;
  if (left.kind === "literal") {
    const flipped = { ...node, left: right, right: left };
    return evaluateComparison(
      { ...flipped, operator: FLIPPED[operator] },
      data,
    );
  }
  const column = data.column(left);
  if (right.kind === "name") return compareColumns(node, column, data);
  checkKind(column, right, data);
  const value = comparable(left, column, right.value);
  const order = orderWith(column, value, node, right, data);
  return fill(column, (own) => holds(operator, order(own)));
}

/** How values of data stand to a value: below 0, 0, or above. */
function orderWith(
  column: Column,
  value: WhereValue,
  { operator }: { readonly operator: Comparison },
  { position }: OperandNode,
  { expression }: WhereData,
): (own: WhereValue) => number {
  checkOrder(column, operator, position, expression);
  const { ranks } = column;
  if (ranks === undefined || isEquality(operator)) {
    return (own) => compareValues(own, value);
  }
  const rank = ranks.get(value as string);
  if (rank === undefined) {
    const why = `${showValue(value)} is not one of the categories of ` +
      `${column.label}, which are in an order of their own`;
    throw whereError(expression, position, why);
  }
  return (own) => ranks.get(own as string)! - rank;
}

function compareColumns(
  node: WhereNode & { readonly kind: "compare" },
  left: Column,
  data: WhereData,
): Uint8Array {
  const { operator, position } = node;
  const right = data.column(node.right as NameNode);
  const { expression } = data;
  if (left.kind !== right.kind) {
    const why = `${left.label} is ${left.type}, and ${right.label} is ` +
      right.type;
    throw whereError(expression, position, why);
  }
  checkOrder(left, operator, position, expression);
  if (!isEquality(operator) && (left.ranks ?? right.ranks)) {
    const why = "categories in an order of their own can be compared with " +
      "one of them alone";
    throw whereError(expression, position, why);
  }
  const result = new Uint8Array(data.length);
  for (let at = 0; at < result.length; at++) {
    const [own, other] = [left.at(at), right.at(at)];
    if (own === undefined || other === undefined) continue;
    result[at] = holds(operator, compareValues(own, other)) ? 1 : 0;
  }
  return result;
}

function evaluateIn(
  node: WhereNode & { readonly kind: "in" },
  data: WhereData,
): Uint8Array {
  const { isNegated, operand, values } = node;
  const column = data.column(operand);
  for (const value of values) checkKind(column, value, data);
  const wanted = new Set(
    values.map(({ value }) => keyOf(comparable(operand, column, value))),
  );
  return fill(column, (own) => wanted.has(keyOf(own)) !== isNegated);
}

function evaluateMatches(
  node: WhereNode & { readonly kind: "matches" },
  data: WhereData,
): Uint8Array {
  const { isNegated, operand, pattern, position } = node;
  const column = data.column(operand);
  if (column.kind !== "text") {
    const why = `${column.label} is ${column.type}, and matches is for texts`;
    throw whereError(data.expression, position, why);
  }
  // Texts repeat, and matching is what takes long.
  const known = new Map<WhereValue, boolean>();
  return fill(column, (own) => {
    let isMatch = known.get(own);
    if (isMatch === undefined) {
      isMatch = pattern.test(own as string) !== isNegated;
      known.set(own, isMatch);
    }
    return isMatch;
  });
}

function evaluateMissing(
  { isNegated, operand }: WhereNode & { readonly kind: "missing" },
  data: WhereData,
): Uint8Array {
  const column = data.column(operand);
  const result = new Uint8Array(column.length);
  for (let at = 0; at < result.length; at++) {
    result[at] = (column.at(at) === undefined) !== isNegated ? 1 : 0;
  }
  return result;
}

function evaluateTruth(
  { operand, position }: WhereNode & { readonly kind: "truth" },
  data: WhereData,
): Uint8Array {
  const column = data.column(operand);
  if (column.kind === "bool") return fill(column, Boolean);
  const why = `${column.label} is ${column.type}: compare it with something`;
  throw whereError(data.expression, position, why);
}

/** Tests each value that is not missing. */
function fill(column: Column, test: Test): Uint8Array {
  const result = new Uint8Array(column.length);
  for (let at = 0; at < result.length; at++) {
    const value = column.at(at);
    if (value !== undefined && test(value)) result[at] = 1;
  }
  return result;
}

const FLIPPED: Readonly<Record<Comparison, Comparison>> = {
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  "==": "==",
  ">": "<",
  ">=": "<=",
};

function holds(operator: Comparison, order: number): boolean {
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function isEquality(operator: Comparison): boolean {
  return operator === "==" || operator === "!=";
}

/** Numbers of both kinds compare exactly; texts by code point. */
function compareValues(left: WhereValue, right: WhereValue): number {
  if (typeof left === "string" && typeof right === "string") {
    return compareCodePoints(left, right);
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `1n` and `1` are one value. */
function keyOf(value: WhereValue): WhereValue {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return BigInt(number) === value ? number : value;
}

/** A value of the expression as the data would have it. */
function comparable(
  name: NameNode,
  column: Column,
  value: WhereValue,
): WhereValue {
  if (typeof value === "string" && ignoresCase(name)) {
    return value.toUpperCase();
  }
  return column.round?.(value) ?? value;
}

function checkKind(
  column: Column,
  { position, value }: LiteralNode,
  { expression }: WhereData,
): void {
  const kind = kindOfValue(value);
  if (kind === column.kind) return;
  const hint = column.kind === "text" ? "; texts are in quotes" : "";
  const why = `${column.label} is ${column.type}, and ${showValue(value)} ` +
    `is not${hint}`;
  throw whereError(expression, position, why);
}

function checkOrder(
  column: Column,
  operator: Comparison,
  position: number,
  expression: string,
): void {
  if (column.kind !== "bool" || isEquality(operator)) return;
  const why = `${column.label} is ${column.type}, which has no order`;
  throw whereError(expression, position, why);
}
