import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  splitRows,
  splitRowsByLabel,
} from "../../../src/mapped/samplers/splits.ts";

const FRACTIONS = { train: 0.7, validation: 0.1, test: 0.2 };

Deno.test("splitRows() puts each row into one part, of its share", () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(), fc.boolean(), (length, seed, isPart) => {
      const all = Array.from({ length }, (_, row) => row);
      const rows = isPart ? all.filter((row) => row % 3 > 0) : all;
      const split = splitRows(length, FRACTIONS, {
        seed,
        ...isPart ? { rows } : {},
      });
      const taken = Object.values(split).flatMap((part) => [...part]);
      assertEquals(taken.toSorted((left, right) => left - right), rows);
      for (const [name, part] of Object.entries(split)) {
        const share = FRACTIONS[name as keyof typeof FRACTIONS];
        assert(Math.abs(part.length - share * rows.length) < 1);
        assertEquals(part, part.toSorted());
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("splitRows() depends on the seed and nothing else", () => {
  const first = splitRows(500, FRACTIONS, { seed: 1 });
  assertEquals(splitRows(500, FRACTIONS, { seed: 1 }), first);
  assertNotEquals(splitRows(500, FRACTIONS, { seed: 2 }).test, first.test);
});

Deno.test("splitRows() gives parts their share of each label", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 9 }),
      fc.nat(),
      (counts, seed) => {
        const stratify = counts.flatMap((count, at) =>
          new Array<string>(count).fill(`l${at}`)
        );
        const { length } = stratify;
        const split = splitRows(length, FRACTIONS, { seed, stratify });
        const rows = Object.values(split).flatMap((part) => [...part]);
        assertEquals(new Set(rows).size, length);
        assertEquals(rows.length, length);
        for (const [name, part] of Object.entries(split)) {
          const share = FRACTIONS[name as keyof typeof FRACTIONS];
          assert(Math.abs(part.length - share * length) < 1);
          counts.forEach((count, at) => {
            const taken = part.filter((row) => stratify[row] === `l${at}`);
            assert(Math.abs(taken.length - share * count) < 2);
          });
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("splitRowsByLabel() keeps labels whole and meets the shares", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(30), { maxLength: 200 }),
      fc.nat(),
      (codes, seed) => {
        const labels = codes.map((code) => code === 0 ? null : `l${code}`);
        const split = splitRowsByLabel(labels, FRACTIONS, { seed });
        const parts = Object.values(split);
        assertEquals(
          parts.flatMap((part) => [...part])
            .toSorted((left, right) => left - right),
          labels.map((_, row) => row),
        );
        const seen = parts.map((part) =>
          new Set(Array.from(part, (row) => labels[row]!))
        );
        const all = seen.flatMap((labels) => [...labels]);
        assertEquals(new Set(all).size, all.length);
      },
    ),
    { numRuns: 60 },
  );
  const even = Array.from({ length: 1000 }, (_, row) => `donor ${row % 50}`);
  const { train, validation, test } = splitRowsByLabel(even, FRACTIONS);
  assertEquals([train.length, validation.length, test.length], [700, 100, 200]);
  const other = splitRowsByLabel(even, FRACTIONS, { seed: 9 });
  assertNotEquals(other.test, test);
});

Deno.test("splitRows() refuses what it can't split", () => {
  for (
    const shares of [{ a: 0.5 }, { a: 1.5, b: -0.5 }, { a: NaN, b: 1 }, {}]
  ) {
    assertThrows(() => splitRows(9, shares), RangeError, "1 together");
    assertThrows(
      () => splitRowsByLabel(["x"], shares),
      RangeError,
      "1 together",
    );
  }
  assertThrows(
    () => splitRows(3, { a: 1 }, { rows: [3] }),
    RangeError,
    "the row 3",
  );
  const twice = { rows: [0, 2, 0] };
  assertThrows(
    () => splitRows(3, { a: 1 }, twice),
    RangeError,
    "the row 0: it is there twice",
  );
  assertThrows(
    () => splitRowsByLabel(["x", "y", "x"], { a: 1 }, twice),
    RangeError,
    "the row 0: it is there twice",
  );
  assertThrows(
    () => splitRows(3, { a: 1 }, { stratify: ["x"] }),
    RangeError,
    "3 rows by 1 label",
  );
});
