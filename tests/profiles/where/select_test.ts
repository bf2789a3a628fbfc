import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { DataArray } from "../../../src/arrays/data_array.ts";
import { toDataArray } from "../../../src/arrays/to_data_array.ts";
import "../../../src/profiles/load.ts";
import { Profiles } from "../../../src/profiles/profiles.ts";
import { makeColumn } from "../../../src/profiles/where/columns.ts";
import { evaluateWhere } from "../../../src/profiles/where/evaluate.ts";
import { parseWhere } from "../../../src/profiles/where/parse.ts";
import { selectWhere } from "../../../src/profiles/where/select.ts";
import { withTempFolder } from "../../helpers.ts";
import { makeBatch } from "../batch_fixture.ts";

/** Data of six profiles, with all that data can be. */
const DATA: Readonly<Record<string, DataArray>> = {
  n: toDataArray(new Int32Array([1, 2, 3, 4, 5, 6])),
  big: toDataArray(
    new BigInt64Array([9007199254740993n, 9007199254740992n, 1n, 2n, 3n, -4n]),
  ),
  x: toDataArray(new Float32Array([0.1, NaN, 0.3, -1, Infinity, 0]), {
    mask: new Uint8Array([0, 0, 0, 1, 0, 0]),
  }),
  flag: toDataArray([true, false, null, true, false, true]),
  text: toDataArray(["T", "B", null, "NK", "", "T cell"]),
  type: {
    kind: "categorical",
    dtype: "categorical",
    codes: new Int8Array([0, 1, 2, -1, 1, 0]),
    categories: ["T", "B", "NK"],
    ordered: false,
  },
  stage: {
    kind: "categorical",
    dtype: "categorical",
    codes: new Int8Array([0, 1, 2, -1, 1, 0]),
    categories: ["young", "adult", "aged"],
    ordered: true,
  },
  other: toDataArray(["T", "T", "T", "T", "T", "T"]),
  complex: toDataArray(new Float32Array(12), { dtype: "complex64" }),
};

function evaluate(expression: string): number[] {
  const chosen = evaluateWhere(parseWhere(expression), {
    expression,
    length: 6,
    column: ({ axis, name }) => makeColumn(`${axis}.${name}`, DATA[name]!),
  });
  return [...chosen.keys()].filter((index) => chosen[index] === 1);
}

const TRUTHS: readonly (readonly [string, readonly number[]])[] = [
  ["p.n >= 3 and p.n < 5", [2, 3]],
  ["3 <= p.n", [2, 3, 4, 5]],
  ["p.n in [1, 6.0, 99]", [0, 5]],
  ["p.n not in [1, 6]", [1, 2, 3, 4]],
  ["p.big == 9007199254740993", [0]],
  ["p.big in [9007199254740993, 2]", [0, 3]],
  ["p.big < 0", [5]],
  ["p.big > 2.5", [0, 1, 4]],
  ["p.x == 0.1", [0]],
  ["p.x <= 0.3", [0, 2, 5]],
  ["p.x != 0", [0, 2, 4]],
  ["p.x is missing", [1, 3]],
  ["p.x is not missing", [0, 2, 4, 5]],
  ["not p.x > 0", [1, 3, 5]],
  ["p.flag", [0, 3, 5]],
  ["not p.flag", [1, 2, 4]],
  ["p.flag == false", [1, 4]],
  ["p.flag != true", [1, 4]],
  ['p.text == "T"', [0]],
  ['p.text != "T"', [1, 3, 4, 5]],
  ['p.text >= "NK"', [0, 3, 5]],
  ['p.text matches "^T"', [0, 5]],
  ['p.text not matches "^T"', [1, 3, 4]],
  ["p.text matches 't\\sc'", []],
  ["p.text matches 'T\\sc'", [5]],
  ["p.text == ''", [4]],
  ['p.type in ["T", "B"]', [0, 1, 4, 5]],
  ['p.type not in ["T"]', [1, 2, 4]],
  ['p.type == "unheard of"', []],
  ['p.type < "NK"', [1, 4]],
  ['p.stage < "aged"', [0, 1, 4, 5]],
  ['p.stage == "aged" or p.stage is missing', [2, 3]],
  ["p.type == p.other", [0, 5]],
  ["p.type != p.text", [4, 5]],
  ["p.n > p.big", [2, 3, 4, 5]],
  ["p.n == p.x", []],
];

for (const [expression, expected] of TRUTHS) {
  Deno.test(`evaluateWhere() knows of what ${expression} is true`, () => {
    assertEquals(evaluate(expression), expected);
  });
}

Deno.test("evaluateWhere() refuses what can't be compared", () => {
  for (
    const [expression, why] of [
      ['p.n == "1"', '8: p.n is numbers, and "1" is not'],
      ["p.type in [1]", "12: p.type is texts, and 1 is not; texts are in"],
      ["p.flag == 1", "11: p.flag is true or false, and 1 is not"],
      ["p.flag > false", "10: p.flag is true or false, which has no order"],
      ['p.stage > "old"', '11: "old" is not one of the categories of p.stage'],
      ["p.stage > p.type", "9: categories in an order of their own can be"],
      ["p.n", "1: p.n is numbers: compare it with something"],
      ["p.type", "1: p.type is texts: compare it with something"],
      ['p.n matches "1"', "5: p.n is numbers, and matches is for texts"],
      ["p.n == p.type", "5: p.n is numbers, and p.type is texts"],
      ["p.complex == 1", "p.complex: its values are complex numbers"],
    ] as const
  ) {
    let message = "";
    try {
      evaluate(expression);
    } catch (error) {
      message = (error as Error).message;
    }
    assertStringIncludes(message, why);
  }
});

/** An expression as text, and what JavaScript makes of it. */
interface Written {
  readonly text: string;
  readonly test: (row: number) => boolean;
}

const INTEGERS = [3, 1, -2, 5, 5, 0, 7, -2];
const NUMBERS = [0.5, null, -1, 2, 2, null, 1e9, 0];
const TEXTS = ["a", "b", null, "ab", "", "a b", 'q"', "\\"];
const BOOLS = [true, false, null, true, true, false, null, false];
const RANDOM: Readonly<Record<string, DataArray>> = {
  i: toDataArray(Int32Array.from(INTEGERS)),
  f: toDataArray(Float64Array.from(NUMBERS, (value) => value ?? 0), {
    mask: Uint8Array.from(NUMBERS, (value) => value === null ? 1 : 0),
  }),
  t: toDataArray(TEXTS),
  b: toDataArray(BOOLS),
};

const COMPARE: Readonly<
  Record<string, <T extends number | string>(a: T, b: T) => boolean>
> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function comparisons<T extends number | string>(
  name: string,
  values: readonly (T | null)[],
): fc.Arbitrary<Written> {
  const present = values.filter((value) => value !== null);
  const show = (value: T) =>
    typeof value === "string" ? quote(value) : `${value}`;
  const compared = fc.record({
    operator: fc.constantFrom(...Object.keys(COMPARE)),
    value: fc.constantFrom(...present),
    isFlipped: fc.boolean(),
  }).map(({ operator, value, isFlipped }) => {
    const compare = COMPARE[operator]!;
    const text = isFlipped
      ? `${show(value)} ${operator} p.${name}`
      : `p.${name}${operator}${show(value)}`;
    const test = (row: number) => {
      const own = values[row]!;
      if (own === null) return false;
      return isFlipped ? compare(value, own) : compare(own, value);
    };
    return { text, test };
  });
  const listed = fc.record({
    list: fc.array(fc.constantFrom(...present), { minLength: 1 }),
    isNegated: fc.boolean(),
  }).map(({ list, isNegated }) => ({
    text: `p.${name}${isNegated ? " not" : ""} in [${list.map(show)}]`,
    test: (row: number) => {
      const own = values[row]!;
      return own !== null && list.includes(own) !== isNegated;
    },
  }));
  const missing = fc.constant({
    text: `p.${name} is missing`,
    test: (row: number) => values[row] === null,
  });
  return fc.oneof(compared, listed, missing);
}

const { expression } = fc.letrec<{ expression: Written }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 6, depthIdentifier: "expression" },
    comparisons("i", INTEGERS),
    comparisons("f", NUMBERS),
    comparisons("t", TEXTS),
    fc.constant({ text: "p.b", test: (row: number) => BOOLS[row] === true }),
    tie("expression").map(({ text, test }) => ({
      text: `not (${text})`,
      test: (row: number) => !test(row),
    })),
    // Without parentheses: and binds what is beside it.
    fc.tuple(tie("expression"), tie("expression")).map(([left, right]) => ({
      text: `(${left.text})and(${right.text})`,
      test: (row: number) => left.test(row) && right.test(row),
    })),
    fc.tuple(tie("expression"), tie("expression"), tie("expression")).map(
      ([one, two, three]) => ({
        text: `(${one.text}) or (${two.text}) and not (${three.text})`,
        test: (row: number) =>
          one.test(row) || two.test(row) && !three.test(row),
      }),
    ),
  ),
}));

Deno.test("evaluateWhere() agrees with JavaScript on random expressions", () => {
  fc.assert(
    fc.property(expression, ({ text, test }) => {
      const chosen = evaluateWhere(parseWhere(text), {
        expression: text,
        length: INTEGERS.length,
        column: ({ axis, name }) =>
          makeColumn(`${axis}.${name}`, RANDOM[name]!),
      });
      const expected = INTEGERS.map((_, row) => test(row) ? 1 : 0);
      assertEquals([...chosen], expected, text);
    }),
    { numRuns: 300 },
  );
});

function withBatch(test: (batch: Profiles) => Promise<void>): Promise<void> {
  return withTempFolder(async (folder) => {
    await makeBatch(`${folder}/batch`);
    using batch = await Profiles.load(`${folder}/batch`);
    await batch.write("p", "type", ["T", "B", null]);
    await test(batch);
  });
}

Deno.test("selectWhere() chooses profiles, genes, or both", () =>
  withBatch(async (batch) => {
    const cases: (
      [string, number[] | undefined, number[] | undefined]
    )[] = [
      ["p.total_umis >= 7", [0, 1], undefined],
      ["p.total_umis > 1e9", [], undefined],
      ["g.total_umis > 1", undefined, [0, 1, 2]],
      ['g.name in ["lyz", "Actb"]', undefined, [0, 2]],
      ['g.name matches "^ms"', undefined, [3]],
      ['p.name == "AAAG-1"', [1], undefined],
      ['p.barcode matches "AA[CG]-"', [0, 1], undefined],
      ['p.type is not missing and g.name == "lyz"', [0, 1], [2]],
      ['(g.name < "D" and p.type == "T") and p.total_umis > 1', [0], [0, 1]],
      ['p.type == "T" or (p.total_umis < 1 and p.total_umis > -1)', [
        0,
        2,
      ], undefined],
    ];
    for (const [text, profiles, genes] of cases) {
      const { profileIndices, geneIndices } = await selectWhere(batch, text);
      const shown = [profileIndices, geneIndices].map((found) =>
        found && [...found]
      );
      assertEquals(shown, [profiles, genes], text);
    }
  }));

Deno.test("selectWhere() refuses profiles and genes in one part", () =>
  withBatch(async (batch) => {
    for (
      const [text, at] of [
        ['p.total_umis > 1 or g.name == "A"', 21],
        ['not (p.total_umis > 1 and g.name == "A")', 27],
        ["p.total_umis == g.total_umis", 17],
      ] as const
    ) {
      const error = await assertRejects(
        () => selectWhere(batch, text),
        SyntaxError,
      );
      assertStringIncludes(error.message, `: at character ${at}: data of prof`);
    }
  }));

Deno.test("selectWhere() says what data there are", () =>
  withBatch(async (batch) => {
    const error = await assertRejects(
      () => selectWhere(batch, "p.age > 3"),
      Error,
    );
    assertStringIncludes(error.message, "p.age of ");
    assertStringIncludes(error.message, "barcode, total_umis, type");
  }));
