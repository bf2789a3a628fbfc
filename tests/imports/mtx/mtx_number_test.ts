import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  FRACTION,
  NEGATIVE,
  NOT_A_NUMBER,
  parseCount,
  TOO_LARGE,
} from "../../../src/imports/mtx/mtx_number.ts";

function parse(text: string): number {
  const bytes = new TextEncoder().encode(`<${text}>`);
  return parseCount(bytes, 1, bytes.length - 1);
}

const TABLE: readonly [string, number][] = [
  ["0", 0],
  ["007", 7],
  ["+3", 3],
  ["3.0", 3],
  ["5.", 5],
  [".5e1", 5],
  ["-0", 0],
  ["0e99999", 0],
  ["1e+05", 100000],
  ["1E5", 100000],
  ["1.0000000000000000e+00", 1],
  ["0.00001000e5", 1],
  ["1200e-2", 12],
  ["100000000000000000000e-20", 1],
  ["4294967295", 4294967295],
  ["42949672950e-1", 4294967295],
  ["4294967296", TOO_LARGE],
  ["12345678901234567890", TOO_LARGE],
  ["1e400", TOO_LARGE],
  ["0.5", FRACTION],
  ["1200e-3", FRACTION],
  ["3.0000000000000000000001", FRACTION],
  ["1e-99999999999999999999", FRACTION],
  ["-3", NEGATIVE],
  ["-0.5", NEGATIVE],
  ["", NOT_A_NUMBER],
  [".", NOT_A_NUMBER],
  ["+", NOT_A_NUMBER],
  ["1e", NOT_A_NUMBER],
  ["1e+", NOT_A_NUMBER],
  ["e5", NOT_A_NUMBER],
  ["1.2.3", NOT_A_NUMBER],
  ["--1", NOT_A_NUMBER],
  ["0x10", NOT_A_NUMBER],
  ["NaN", NOT_A_NUMBER],
  ["inf", NOT_A_NUMBER],
  ["1 ", NOT_A_NUMBER],
];

for (const [text, expected] of TABLE) {
  Deno.test(`parseCount() reads "${text}" as ${expected}`, () => {
    assertEquals(parse(text), expected);
  });
}

Deno.test("parseCount() agrees with exact arithmetic", () => {
  const parts = fc.tuple(
    fc.bigInt({ min: 0n, max: 10n ** 14n }),
    fc.nat(20),
    fc.integer({ min: -20, max: 20 }),
  );
  fc.assert(fc.property(parts, ([digits, places, exponent]) => {
    const padded = digits.toString().padStart(places + 1, "0");
    const split = padded.length - places;
    const mantissa = `${padded.slice(0, split)}.${padded.slice(split)}`;
    // digits * 10 ** (exponent - places), as a fraction of whole numbers
    const scale = exponent - places;
    const numerator = digits * 10n ** BigInt(Math.max(scale, 0));
    const denominator = 10n ** BigInt(Math.max(-scale, 0));
    const value = numerator / denominator;
    const expected = numerator % denominator !== 0n
      ? FRACTION
      : value > 4294967295n
      ? TOO_LARGE
      : Number(value);
    assertEquals(parse(`${mantissa}e${exponent}`), expected);
  }));
});

Deno.test("parseCount() never takes what Number() does not", () => {
  const alphabet = fc.constantFrom(..."0123456789.eE+-");
  fc.assert(fc.property(fc.array(alphabet, { maxLength: 12 }), (letters) => {
    const text = letters.join("");
    const count = parse(text);
    if (count >= 0) assertEquals(count, Math.abs(Number(text)));
    else if (count === NOT_A_NUMBER) {
      assert(text === "" || Number.isNaN(Number(text)));
    }
  }));
});
