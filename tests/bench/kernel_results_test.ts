import { assertEquals, assertStringIncludes } from "@std/assert";
import { addCheck, checkSparse } from "../../bench/kernel_jobs.ts";
import {
  compareKernels,
  findDifferences,
  formatKernels,
  type KernelResult,
} from "../../bench/kernel_results.ts";

const CHECK = { sum: 10, weighted: 20 };
const JOB = { job: "geneTotals", check: CHECK } as const;
const RESULTS: KernelResult[] = [
  { ...JOB, program: "ours", threads: 1, seconds: [0.2, 9, 0.1] },
  { ...JOB, program: "C", threads: 1, seconds: [0.1] },
  { ...JOB, program: "scipy", threads: 1, seconds: [0.4] },
  { ...JOB, program: "ours", threads: 2, seconds: [0.1] },
  { ...JOB, program: "scran.js", threads: 2, seconds: [0.2] },
];

Deno.test("compareKernels() compares with C and the best peer", () => {
  const lines = compareKernels(RESULTS, () => 1e6);
  assertEquals(
    lines.map(({ threads, ofC, ofPeer }) => [threads, ofC, ofPeer]),
    // scipy has one thread: on two it is what it is on one.
    [[1, 0.5, 2], [2, NaN, 2]],
  );
  assertEquals(lines[1]!.speeds, { ours: 1e7, scipy: 2.5e6, "scran.js": 5e6 });
  assertEquals(lines[0]!.wanted, 0.8);
});

Deno.test("compareKernels() takes a peer's own result for two threads", () => {
  const scipy = {
    ...JOB,
    program: "scipy",
    threads: 2,
    seconds: [0.1],
  } as const;
  for (const results of [[...RESULTS, scipy], [scipy, ...RESULTS]]) {
    const lines = compareKernels(results, () => 1e6);
    const line = lines.find(({ threads }) => threads === 2);
    assertEquals(line?.speeds.scipy, 1e7);
  }
});

Deno.test("formatKernels() writes millions a second, and dashes", () => {
  const entries = () => 1e9;
  const table = formatKernels(compareKernels(RESULTS, entries), entries);
  const [header, , first, second] = table.split("\n");
  assertStringIncludes(header!, "| of best peer |");
  assertEquals(
    first!.replaceAll(/ +/g, " "),
    "| totals a gene | 1 | 200.0 | 5,000 | 10,000 | 0.50 | 0.80 | 2,500 | - | - | 2.00 |",
  );
  assertEquals(
    second!.replaceAll(/ +/g, " "),
    "| totals a gene | 2 | 100.0 | 10,000 | - | - | 0.80 | 2,500 | - | 5,000 | 2.00 |",
  );
});

Deno.test("findDifferences() finds other results, but for scipy's rounding", () => {
  assertEquals(findDifferences(RESULTS), []);
  const check = { sum: 10 + 5e-6, weighted: 20 };
  const base = { ...JOB, threads: 1, seconds: [1], check };
  assertEquals(
    findDifferences([...RESULTS, { ...base, program: "scipy" }]),
    [],
  );
  assertEquals(findDifferences([...RESULTS, { ...base, program: "ours" }]), [
    "ours has another result for totals a gene than C",
  ]);
});

Deno.test("addCheck() sums in parts as at once, and as sparse rows", () => {
  const values = Array.from({ length: 3_000 }, (_, at) => at * 7919 % 13);
  const whole = addCheck(values);
  const parts = addCheck(
    values.slice(1_700),
    addCheck(values.slice(0, 1_700)),
    1_700,
  );
  assertEquals(parts, whole);
  const rows = { offsets: [0, 1500, 3000], genes: [], counts: values };
  const genes = values.map((_, at) => at % 1500);
  assertEquals(checkSparse({ ...rows, genes }, 1500), whole);
});
