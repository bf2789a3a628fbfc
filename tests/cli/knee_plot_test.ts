import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { findKnee } from "../../src/cli/plot/knee.ts";
import { drawKneePlot } from "../../src/cli/plot/knee_plot.ts";
import { createStyle } from "../../src/cli/style.ts";

/** 1,000 cells of about 2,000 UMIs and 9,000 droplets of about 50. */
const TOTALS = Array.from(
  { length: 10_000 },
  (_, rank) => Math.round(rank < 1000 ? 3000 - rank * 1.5 : 80 - rank * 0.006),
);

const stripAnsiCode = (text: string) =>
  text.split("\x1b[").map((part, at) => at ? part.replace(/^\d+m/, "") : part)
    .join("");

const plain = { columns: 80, rows: 12, style: createStyle(false) };

Deno.test("findKnee() finds where cells end", () => {
  const { knee, inflection } = findKnee(TOTALS)!;
  assert(knee.rank > 700 && knee.rank <= 1000, String(knee.rank));
  assert(inflection.rank >= 950 && inflection.rank <= 1100);
  assert(knee.rank <= inflection.rank);
  assertEquals(knee.total, TOTALS[knee.rank - 1]);
});

Deno.test("findKnee() finds none among few barcodes", () => {
  assertEquals(findKnee([]), undefined);
  assertEquals(findKnee([5, 4, 3]), undefined);
  assertEquals(findKnee(new Float64Array(1000)), undefined);
});

Deno.test("drawKneePlot() fits, and has axes, marks and a legend", () => {
  for (const isUnicode of [true, false]) {
    const text = drawKneePlot(TOTALS, { ...plain, isUnicode });
    const lines = text.trimEnd().split("\n");
    assertEquals(lines.length, 1 + plain.rows + 3);
    assert(lines.every((line) => line.length <= plain.columns));
    for (
      const label of [" 1k ", " 100 ", " 10 ", "10k", "knee", "inflection"]
    ) {
      assertStringIncludes(text, label);
    }
    assertEquals(/^[\x20-\x7e\n]*$/.test(text), !isUnicode);
    assert(!text.includes("\x1b"));
  }
});

Deno.test("drawKneePlot() takes totals in any order", () => {
  const options = { ...plain, isUnicode: true };
  assertEquals(
    drawKneePlot(TOTALS.toReversed(), options),
    drawKneePlot(TOTALS, options),
  );
});

Deno.test("drawKneePlot() draws what there is", () => {
  for (const totals of [[], [0, 0], [1], [7, 7, 7]]) {
    for (const isUnicode of [true, false]) {
      const text = drawKneePlot(totals, { ...plain, isUnicode });
      assert(!/NaN|undefined|Infinity/.test(text), text);
    }
  }
});

Deno.test("drawKneePlot() colours cells alone", () => {
  const style = createStyle(true);
  const text = drawKneePlot(TOTALS, { ...plain, style, isUnicode: true });
  assertStringIncludes(text, "\x1b[32m");
  const stripped = stripAnsiCode(text);
  assertEquals(
    stripped.replaceAll(/ +$/gm, ""),
    drawKneePlot(TOTALS, { ...plain, isUnicode: true }),
  );
});
