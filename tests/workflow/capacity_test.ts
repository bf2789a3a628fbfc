import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  bestEstimate,
  type Cluster,
  estimate,
  scaling,
  shardSizes,
} from "../../workflow/capacity_model.ts";
import { ROOT } from "./_study.ts";

/** 400 GB in batches of 4 GB, 64 jobs at once, nothing in their way. */
const CLUSTER: Cluster = {
  cells: 1e8,
  cellBytes: 4_000,
  batches: 100,
  nodes: 16,
  cores: 16,
  threads: 4,
  fileSystem: 1e12,
  nodeBandwidth: 1e11,
  coreSpeed: 1e8,
  jobSeconds: 1e-9,
  submitRate: 1e9,
  partSeconds: 1e-9,
};

Deno.test("estimate() is the work over the cores where nothing is in the way", () => {
  const { seconds, jobs, limit } = estimate(CLUSTER, 2 ** 25);
  assertEquals(jobs, 12_000);
  // The last round is not full.
  const rounds = Math.ceil(12_000 / 64);
  assertClose(seconds, rounds * (4e11 / 12_000) / 4e8);
  assertEquals(limit, "the cores");
});

Deno.test("estimate() has a shard a batch at least", () => {
  assertEquals(estimate(CLUSTER, 2 ** 32).jobs, 100);
  const many = { ...CLUSTER, batches: 5_000 };
  assertEquals(estimate(many, 2 ** 32).jobs, 5_000);
});

Deno.test("estimate() names what is in the way", () => {
  const size = 2 ** 27;
  const slow = [
    [{ fileSystem: 1e9 }, "the file system", 400],
    [{ nodeBandwidth: 1e8 }, "the bandwidth of a node", 250],
    [{ submitRate: 2 }, "the submission of jobs", 1_499],
    [{ partSeconds: 1 }, "the merge", 3_000],
    [{ jobSeconds: 10 }, "the overhead of jobs", 470],
    [{ nodes: 4_000 }, "too few shards", 0],
  ] as const;
  for (const [change, limit, least] of slow) {
    const found = estimate({ ...CLUSTER, ...change }, size);
    assertEquals(found.limit, limit);
    assert(found.seconds >= least, `${limit}: ${found.seconds}`);
  }
});

Deno.test("bestEstimate() takes larger shards where jobs cost more", () => {
  const sizes = [0.001, 3, 60].map((jobSeconds) =>
    bestEstimate({ ...CLUSTER, jobSeconds }).shardBytes
  );
  assertEquals(sizes, sizes.toSorted((left, right) => left - right));
  assert(sizes[0]! < sizes[2]!);
  assert(sizes.every((size) => shardSizes(CLUSTER).includes(size)));
});

Deno.test("shardSizes() end with the first that holds a batch", () => {
  const ends = [1, 100, 5_000, 1e9].map((batches) =>
    shardSizes({ ...CLUSTER, batches }).at(-1)!
  );
  assertEquals(ends, [2 ** 32, 2 ** 32, 2 ** 27, 2 ** 25]);
});

Deno.test("scaling() stops where the file system has no more to give", () => {
  // A node computes at 1.6 GB/s: four of them are as fast as the file system.
  const steps = scaling({ ...CLUSTER, fileSystem: 6.4e9 });
  assertEquals(steps.map(({ nodes }) => nodes), [1, 2, 4, 8]);
  assertEquals(steps.at(-1)!.best.limit, "the file system");
});

Deno.test("docs/scale.md shows what capacity.ts prints", async () => {
  const docs = Deno.readTextFileSync(`${ROOT}/docs/scale.md`);
  const shown = [...docs.matchAll(
    /```sh\ndeno run workflow\/capacity\.ts(.*)\n```\n\n```text\n([^`]*)```/g,
  )];
  assert(shown.length >= 2);
  for (const [, args, text] of shown) {
    const words = args!.split(" ").filter((word) => word !== "");
    const { success, output } = await runCapacity(words);
    assert(success, output);
    assertEquals(output, text);
  }
});

Deno.test("capacity.ts says what it can't use", async () => {
  for (
    const [words, why] of [
      [["--cells", "many"], /^error: Cannot use --cells many: it is a number/],
      [["--nodes", "0"], /^error: Cannot use --nodes 0/],
      [["--speed", "1"], /^error: Cannot use --speed/],
    ] as const
  ) {
    const { success, output } = await runCapacity(words);
    assertEquals(success, false);
    assertMatch(output, why);
  }
  const { output } = await runCapacity(["--help"]);
  assertMatch(output, /--file-system +GB a second/);
});

async function runCapacity(
  args: readonly string[],
): Promise<{ success: boolean; output: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "workflow/capacity.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { success, output: text! || errors! };
}

function assertClose(actual: number, expected: number): void {
  const isClose = Math.abs(actual - expected) < 1e-3 * expected;
  assert(isClose, `${actual} is not about ${expected}`);
}
