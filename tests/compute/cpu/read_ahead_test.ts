import { assertEquals, assertRejects } from "@std/assert";
import type { PairsPart } from "../../../src/compute/cpu/pairs_runner.js";
import { readAhead } from "../../../src/compute/cpu/read_ahead.ts";
import type { ByteSource } from "../../../src/io/byte_source.ts";

const MEBIBYTE = 1 << 20;

/** A file of 128 MiB of which reads of a profile take their time, or none. */
class SlowSource implements ByteSource {
  readonly name = "slow";
  readonly byteLength = 128 * MEBIBYTE;
  /** The reads of more than a profile. */
  readonly forward: [offset: number, length: number][] = [];
  readonly #time: number;
  readonly #onForward: () => void;

  constructor(time: number, onForward: () => void = () => {}) {
    this.#time = time;
    this.#onForward = onForward;
  }

  read(offset: number, { length }: Uint8Array): void {
    if (length > 4096) {
      this.forward.push([offset, length]);
      this.#onForward();
    }
    const end = performance.now() + this.#time;
    while (performance.now() < end);
  }

  close(): void {}
  [Symbol.dispose](): void {}
}

/** Profiles of 4 kB in two rows, each of which takes every other one. */
function makePart(start: number, end: number, step: number): PairsPart {
  const count = (end - start) / 4096 / step;
  const starts = Uint32Array.from({ length: count }, (_, at) => {
    const place = 2 * at < count ? 2 * at : 2 * at - count + 1;
    return start + 4096 * step * place;
  });
  const matrix = { file: 0, name: "slow", genesCount: 3, geneMap: undefined };
  return {
    matrices: [matrix],
    rowStarts: Uint32Array.of(0, count / 2, count),
    members: new Uint8Array(count),
    starts,
    ends: starts.map((place) => place + 4096),
  };
}

Deno.test("readAhead() reads what is slow forward, from the first profile to the last", async () => {
  const source = new SlowSource(0.2);
  const [start, end] = [MEBIBYTE / 2, 20 * MEBIBYTE];
  await readAhead(makePart(start, end, 1), [source]);
  const wanted = Array.from({ length: 20 }, (_, at) => {
    const offset = start + at * MEBIBYTE;
    return [offset, Math.min(MEBIBYTE, end - offset)];
  });
  assertEquals(source.forward, wanted as typeof source.forward);
});

Deno.test("readAhead() leaves alone what is fast, small or mostly not wanted", async () => {
  const cases: [time: number, start: number, end: number, step: number][] = [
    [0, 0, 32, 1],
    [0.2, 0, 8, 1],
    [0.2, 0, 126, 7],
  ];
  for (const [time, start, end, step] of cases) {
    const source = new SlowSource(time);
    const part = makePart(start * MEBIBYTE, end * MEBIBYTE, step);
    await readAhead(part, [source]);
    assertEquals(source.forward, []);
  }
});

Deno.test("readAhead() stops when it is told to", async () => {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error("enough"));
  const source = new SlowSource(0.2, stop);
  const part = makePart(0, 32 * MEBIBYTE, 1);
  await assertRejects(
    () => readAhead(part, [source], controller.signal),
    Error,
    "enough",
  );
  assertEquals(source.forward.length, 1);
});
