import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { AliasTable } from "../../src/cli/demo/alias_table.ts";
import { generateDemo } from "../../src/cli/demo/generate.ts";
import { gzip } from "../../src/io/gzip.ts";
import { writeMatrixText } from "../../src/cli/demo/matrix_text.ts";
import { portableExp, portableLog } from "../../src/cli/demo/portable_math.ts";
import { Random } from "../../src/cli/demo/random.ts";

Deno.test("generateDemo() draws the same on every machine", () => {
  const counts = generateDemo({ scale: 0.05 });
  const text = writeMatrixText(counts);
  const digest = createHash("md5").update(text)
    .update(counts.barcodes.join("\n")).digest("hex");
  assertEquals(digest, "28236fd8a555ab224eaf576ba86914e6");
});

Deno.test("generateDemo() is like PBMC 3k", () => {
  const demo = generateDemo();
  const isCell = demo.types.map((type) => type !== "");
  const totals: number[] = [];
  let entries = 0;
  let ones = 0;
  demo.barcodes.forEach((_, barcode) => {
    if (!isCell[barcode]) return;
    const [start, end] = [demo.offsets[barcode]!, demo.offsets[barcode + 1]!];
    const counts = demo.counts.subarray(start, end);
    totals.push(counts.reduce((sum, count) => sum + count, 0));
    entries += counts.length;
    ones += counts.filter((count) => count === 1).length;
  });
  totals.sort((a, b) => a - b);
  assertEquals([totals.length, demo.barcodes.length], [2700, 8000]);
  assertAlmostEquals(totals[1350]!, 2197, 100);
  assertAlmostEquals(entries / 2700, 847, 50);
  assertAlmostEquals(ones / entries, 0.6985, 0.02);
  assertEquals([...demo.barcodes].sort(), demo.barcodes);
  assertEquals(new Set(demo.barcodes).size, demo.barcodes.length);
  const digest = createHash("md5").update(writeMatrixText(demo)).digest("hex");
  assertEquals(digest, "b741a0211c56f380e39b03e9e03fe1d7");
});

Deno.test("writeMatrixText() writes what Cell Ranger writes", () => {
  const text = new TextDecoder().decode(writeMatrixText({
    genesCount: 12345,
    barcodes: ["A-1", "C-1", "G-1"],
    types: ["", "", ""],
    offsets: new Uint32Array([0, 2, 2, 3]),
    genes: new Uint32Array([0, 12344, 9]),
    counts: new Uint32Array([1, 100, 4294967295]),
  }));
  const [magic, json, ...lines] = text.split("\n");
  assertEquals(magic, "%%MatrixMarket matrix coordinate integer general");
  assert(json!.startsWith("%metadata_json: "));
  JSON.parse(json!.slice("%metadata_json: ".length));
  assertEquals(lines, [
    "12345 3 3",
    "1 1 1",
    "12345 1 100",
    "10 3 4294967295",
    "",
  ]);
});

Deno.test("gzip() has no time and no system in it", () => {
  const content = new TextEncoder().encode("some text\n".repeat(100));
  const compressed = gzip(content);
  assertEquals([...compressed.subarray(4, 8)], [0, 0, 0, 0]);
  assertEquals(compressed[9], 255);
  assertEquals(new Uint8Array(gunzipSync(compressed)), content);
});

Deno.test("portableExp() and portableLog() are right to 15 digits", () => {
  for (let x = -20; x <= 20; x += 0.0137) {
    assertAlmostEquals(portableExp(x) / Math.exp(x), 1, 4e-15);
    assertAlmostEquals(portableLog(Math.exp(x)), x, 1e-14);
  }
});

Deno.test("Random is xoshiro128** seeded by SplitMix32", () => {
  const random = new Random(1);
  const drawn = Array.from({ length: 4 }, () => random.uint32());
  assertEquals(drawn, referenceStream(1, 4));
});

Deno.test("Random draws normal numbers", () => {
  const random = new Random(7);
  const drawn = Array.from({ length: 100_000 }, () => random.normal());
  const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
  const square = drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length;
  assertAlmostEquals(mean, 0, 0.02);
  assertAlmostEquals(square, 1, 0.02);
});

Deno.test("AliasTable draws by weight", () => {
  const weights = new Float64Array([0, 1, 0, 5, 2, 0.5]);
  const table = new AliasTable(weights);
  const random = new Random(5);
  const drawn = new Float64Array(weights.length);
  for (let draw = 0; draw < 85_000; draw++) {
    const index = table.draw(random);
    drawn[index] = drawn[index]! + 1;
  }
  weights.forEach((weight, index) => {
    assertAlmostEquals(drawn[index]! / 10_000, weight, 0.1);
    if (weight === 0) assertEquals(drawn[index], 0);
  });
});

/** The published algorithms, in integers of any size. */
function referenceStream(seed: number, length: number): number[] {
  const mask = 0xffffffffn;
  let weyl = BigInt(seed);
  const split = (): bigint => {
    weyl = (weyl + 0x9e3779b9n) & mask;
    let z = weyl ^ (weyl >> 16n);
    z = (z * 0x21f0aaadn) & mask;
    z ^= z >> 15n;
    z = (z * 0x735a2d97n) & mask;
    return z ^ (z >> 15n);
  };
  const rotate = (x: bigint, by: bigint) =>
    ((x << by) | (x >> (32n - by))) & mask;
  const s = [split(), split(), split(), split()] as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return Array.from({ length }, () => {
    const result = (rotate((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
    return Number(result);
  });
}
