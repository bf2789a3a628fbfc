import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { type LoadedBatch, Loader } from "../../../src/mapped/loader/loader.ts";
import type { LoaderOptions } from "../../../src/mapped/loader/loader_options.ts";
import { BlockShuffleSampler } from "../../../src/mapped/samplers/block_shuffle.ts";
import { GroupSampler } from "../../../src/mapped/samplers/same_group.ts";
import type { Sampler } from "../../../src/mapped/samplers/sampler.ts";
import { StratifiedSampler } from "../../../src/mapped/samplers/stratified.ts";
import { WeightedSampler } from "../../../src/mapped/samplers/weighted.ts";
import {
  RandomSampler,
  SequentialSampler,
} from "../../../src/mapped/samplers/plain.ts";
import {
  memoryOpener,
  MemoryRows,
  type MemoryRowsOptions,
} from "../_memory_rows.ts";

/** With this thread alone, and with workers. */
const WORKERS = [0, 2];

function makeLoader(
  rows: MemoryRowsOptions,
  options: LoaderOptions & { batchSize?: number; seed?: number } = {},
): Loader {
  const { batchSize = 4, seed = 1, ...rest } = options;
  const sampler = new RandomSampler(rows.length, { batchSize, seed });
  const opener = memoryOpener(rows);
  return new Loader(new MemoryRows(rows), sampler, { opener, ...rest });
}

for (const workers of WORKERS) {
  const how = `with ${workers} workers`;

  Deno.test(`Loader gives the batches of an epoch in order ${how}`, async () => {
    const rows = { length: 50, slowRow: 7 };
    await using loader = makeLoader(rows, { workers });
    const sampler = new RandomSampler(50, { batchSize: 4, seed: 1 });
    for (const epoch of [0, 1]) {
      const wanted = [...sampler.batches(epoch)];
      const batches = await collect(loader);
      assertEquals(batches.map(({ indices }) => indices), wanted);
      assertEquals(batches.map(({ number }) => number), [...wanted.keys()]);
      assert(batches.every((batch) => batch.epoch === epoch));
      batches.forEach(checkBatch);
    }
    assertEquals(loader.workersCount, workers);
  });

  Deno.test(`Loader.epochs() gives several ${how}`, async () => {
    await using loader = makeLoader({ length: 10 }, { workers });
    const epochs: number[] = [];
    for await (const { epoch } of loader.epochs(3)) epochs.push(epoch);
    assertEquals(epochs, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
    assertEquals(await collect(loader.epochs(3)), []);
    assertEquals(loader.epoch, 3);
  });

  Deno.test(`Loader gives sparse rows ${how}`, async () => {
    const options = { workers, format: "csr" } as const;
    await using loader = makeLoader({ length: 10 }, options);
    for (const { layers } of await collect(loader)) {
      assertEquals(layers["X"]!.format, "csr");
    }
  });

  Deno.test(`Loader.resume() goes on exactly there ${how}`, async () => {
    const rows = { length: 41 };
    await using whole = makeLoader(rows);
    const all = (await collect(whole.epochs(3))).map(nameBatch);
    for (const stop of [1, 5, 10, 11, 12, 25, 33]) {
      await using first = makeLoader(rows, { workers });
      const seen: string[] = [];
      for await (const batch of first.epochs(3)) {
        seen.push(nameBatch(batch));
        if (seen.length === stop) break;
      }
      const state = JSON.parse(JSON.stringify(first.state()));
      await using second = makeLoader(rows, { workers: stop % 2 * workers });
      second.resume(state);
      for await (const batch of second.epochs(3)) seen.push(nameBatch(batch));
      assertEquals(seen, all);
    }
  });

  Deno.test(`Loader goes on after a break ${how}`, async () => {
    await using loader = makeLoader({ length: 20 }, { workers });
    const seen: number[] = [];
    for (let round = 0; round < 5; round++) {
      for await (const { indices, epoch } of loader) {
        assertEquals(epoch, 0);
        seen.push(...indices);
        break;
      }
    }
    assertEquals(seen.toSorted((left, right) => left - right).length, 20);
    assertEquals(new Set(seen).size, 20);
    assertEquals(loader.epoch, 1);
  });

  Deno.test(`Loader passes on an error at its place and ends ${how}`, async () => {
    const rows = { length: 40, badRow: 21 };
    const sampler = new SequentialSampler(40, { batchSize: 4 });
    await using loader = new Loader(new MemoryRows(rows), sampler, {
      opener: memoryOpener(rows),
      workers,
      prefetch: 6,
    });
    const seen: number[] = [];
    const read = async () => {
      for await (const { number } of loader) seen.push(number);
    };
    const error = await withDeadline(assertRejects(read, RangeError));
    assertEquals(error.message, "Cannot read cells.h5ad: row 21 is not right");
    assertEquals(seen, [0, 1, 2, 3, 4]);
    await assertRejects(() => collect(loader), RangeError, "cells.h5ad");
  });

  Deno.test(`Loader stops for a signal while it waits ${how}`, async () => {
    const controller = new AbortController();
    const { signal } = controller;
    await using loader = makeLoader(
      { length: 40, stuckRow: 3 },
      { workers, signal },
    );
    setTimeout(() => controller.abort(new Error("enough")), 50);
    const reading = assertRejects(() => collect(loader), Error, "enough");
    await withDeadline(reading);
    await assertRejects(() => collect(loader), Error, "enough");
  });

  Deno.test(`Loader.close() ends what waits ${how}`, async () => {
    const loader = makeLoader({ length: 40, stuckRow: 3 }, { workers });
    const reading = assertRejects(() => collect(loader), Error, "was closed");
    setTimeout(() => loader.close(), 50);
    await withDeadline(reading);
    await withDeadline(loader.close());
    await assertRejects(() => collect(loader), Error, "was closed");
  });

  Deno.test(`Loader uses memory again ${how}`, async () => {
    const rows = { length: 100, columns: 1000 };
    const options = { workers, reuse: true, readHere: false };
    await using loader = makeLoader(rows, options);
    let last: LoadedBatch | undefined;
    const buffers = new Set<ArrayBufferLike>();
    for await (const batch of loader.epochs(2)) {
      checkBatch(batch);
      // These rows are not sparse, so that workers send them as they are.
      if (workers > 0 && last && last.number > 8) {
        assertEquals(last.layers["X"]!.data.length, 0, "it was moved");
      }
      buffers.add(batch.layers["X"]!.data.buffer);
      last = batch;
    }
    if (workers === 0) assertEquals(buffers.size, 1);
  });

  Deno.test(`Loader.release() is for a batch of its own, once ${how}`, async () => {
    const rows = { length: 20 };
    await using loader = makeLoader(rows, { workers });
    await using other = makeLoader(rows);
    const [stranger] = await collect(other);
    for await (const batch of loader.epochs(2)) {
      checkBatch(batch);
      loader.release(batch);
      loader.release(batch);
      loader.release(stranger!);
    }
    checkBatch(stranger!);
  });
}

Deno.test("Loader tries to read on this thread, where it may", async () => {
  for (const readHere of [true, false]) {
    const rows = { length: 4000 };
    const source = new MemoryRows(rows);
    const sampler = new RandomSampler(4000, { batchSize: 4, seed: 1 });
    const opener = memoryOpener(rows);
    const options = { opener, workers: 1, readHere };
    await using loader = new Loader(source, sampler, options);
    const wanted = [...sampler.batches(0)];
    const found = await collect(loader);
    assertEquals(found.map(({ indices }) => indices), wanted);
    // Which is faster is for ReaderChoice, and for no test of the clock.
    if (readHere) assert(source.asked >= 4 * 24, `${source.asked} rows`);
    else assertEquals(source.asked, 0);
  }
});

Deno.test("Loader keeps the number of batches ahead", async () => {
  const rows = { length: 400 };
  for (const prefetch of [0, 1, 5]) {
    const source = new MemoryRows(rows);
    const sampler = new SequentialSampler(400, { batchSize: 4 });
    await using loader = new Loader(source, sampler, { prefetch });
    for await (const { number } of loader) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      assertEquals(source.asked, 4 * (number + 1 + prefetch));
      if (number === 10) break;
    }
  }
});

Deno.test("Loader of blocks gives each worker lanes of its own", async () => {
  const rows = { length: 300 };
  const options = { batchSize: 5, blockSize: 5, bufferBlocks: 8, lanes: 2 };
  const sampler = new BlockShuffleSampler(300, options);
  const opener = memoryOpener(rows);
  const source = new MemoryRows(rows);
  await using none = new Loader(source, sampler);
  await using two = new Loader(source, sampler, { opener, workers: 2 });
  const wanted = (await collect(none.epochs(2))).map(nameBatch);
  assertEquals((await collect(two.epochs(2))).map(nameBatch), wanted);
});

Deno.test("Loader reads sparse rows of blocks at once, and cuts batches", async () => {
  const rows = { length: 300, columns: 80, isSparse: true };
  const options = { batchSize: 7, blockSize: 5, bufferBlocks: 8, lanes: 2 };
  const sampler = new BlockShuffleSampler(300, options);
  const opener = memoryOpener(rows);
  for (const format of ["dense", "csr"] as const) {
    for (const workers of [0, 2]) {
      const source = new MemoryRows(rows);
      const how = { format, opener, reuse: true, workers, readHere: false };
      await using loader = new Loader(source, sampler, how);
      let count = 0;
      for await (const { epoch, number, ...batch } of loader) {
        const wanted = await new MemoryRows(rows)
          .getRows(batch.indices, { format });
        assertEquals(batch, wanted);
        assertEquals([epoch, number], [0, count++]);
      }
      assertEquals(count, 43);
      // A batch tells what the rows are like.
      assertEquals(source.asked, workers === 0 ? 307 : 7);
    }
  }
});

Deno.test("Loader reads dense rows of blocks by batches, among sparse ones too", async () => {
  const options = { batchSize: 7, blockSize: 5, bufferBlocks: 8, lanes: 2 };
  const sampler = new BlockShuffleSampler(300, options);
  for (const denseFrom of [0, 150, 290]) {
    const rows = { length: 300, columns: 80, isSparse: true, denseFrom };
    for (
      const [format, workers] of [["dense", 0], ["csr", 2], [
        "dense",
        2,
      ]] as const
    ) {
      await using loader = new Loader(new MemoryRows(rows), sampler, {
        format,
        opener: memoryOpener(rows),
        reuse: true,
        workers,
      });
      for await (const { epoch: _, number: __, ...batch } of loader.epochs(2)) {
        const { indices } = batch;
        const wanted = await new MemoryRows(rows).getRows(indices, { format });
        assertEquals(batch, wanted);
      }
    }
  }
});

Deno.test("Loader reads groups of rows ahead, but not all of them", async () => {
  const rows = { length: 4000, columns: 16, isSparse: true };
  const options = { batchSize: 5, blockSize: 5, bufferBlocks: 20, lanes: 2 };
  const sampler = new BlockShuffleSampler(4000, options);
  const source = new MemoryRows(rows);
  await using loader = new Loader(source, sampler, { prefetch: 4 });
  for await (const { number } of loader) {
    // The two halves of a buffer of 20 batches.
    const asked = 5 + 50 * Math.min(number + 1, 2) +
      100 * Math.floor(number / 20);
    assert(source.asked <= asked + 100, `${source.asked} for ${number}`);
    if (number === 100) break;
  }
  const { batch } = loader.state();
  assertEquals(batch, 101);
  const [next] = await collect(loader);
  assertEquals(next!.indices, [...sampler.batches(0, 101)][0]);
});

Deno.test("Loader passes on an error of a group at the place of its batches", async () => {
  const rows = { length: 400, columns: 16, isSparse: true, badRow: 399 };
  const options = { batchSize: 5, blockSize: 5, bufferBlocks: 4, lanes: 2 };
  const sampler = new BlockShuffleSampler(400, options);
  const batches = [...sampler.batches(0)];
  const isBad = ({ buffer }: Int32Array) =>
    new Int32Array(buffer).includes(399);
  for (const workers of WORKERS) {
    await using loader = new Loader(new MemoryRows(rows), sampler, {
      opener: memoryOpener(rows),
      workers,
    });
    const seen: number[] = [];
    const read = async () => {
      for await (const { number } of loader) seen.push(number);
    };
    const reading = assertRejects(read, RangeError, "cells.h5ad: row 399");
    await withDeadline(reading);
    assertEquals(seen.length, batches.findIndex(isBad));
  }
});

Deno.test("Loader of any sampler resumes in the middle of an epoch, with workers", async () => {
  const labels = Array.from({ length: 90 }, (_, at) => `label ${at % 7 % 3}`);
  const options = { batchSize: 4, seed: 5 };
  const blocks = { ...options, blockSize: 3, bufferBlocks: 4, lanes: 3 };
  const samplers: Sampler[] = [
    new SequentialSampler(90, options),
    new RandomSampler(90, { ...options, rank: 1, worldSize: 2 }),
    new BlockShuffleSampler(90, blocks),
    new BlockShuffleSampler(90, { ...blocks, rank: 1, worldSize: 3 }),
    new StratifiedSampler(labels, options),
    new GroupSampler(labels, options),
    new WeightedSampler(labels.map((_, at) => at % 5), options),
  ];
  const rows = { length: 90, columns: 16, isSparse: true };
  const make = (sampler: Sampler, workers: number) =>
    new Loader(new MemoryRows(rows), sampler, {
      opener: memoryOpener(rows),
      readHere: false,
      workers,
    });
  for (const sampler of samplers) {
    const wanted = [0, 1].flatMap((epoch) => [...sampler.batches(epoch)])
      .map((indices) => indices.join(" "));
    await using first = make(sampler, 2);
    await using second = make(sampler, 1);
    const turns = [first, second];
    const seen: string[] = [];
    // They take turns: each goes on where the other one stopped.
    for (let turn = 0; seen.length < wanted.length; turn++) {
      const [one, other] = turn % 2 === 0 ? turns : turns.toReversed();
      let left = 5;
      for await (const { indices } of one!.epochs(2)) {
        seen.push(indices.join(" "));
        if (--left === 0) break;
      }
      other!.resume(JSON.parse(JSON.stringify(one!.state())));
    }
    assertEquals(seen, wanted, sampler.identity);
  }
});

Deno.test("Loader.state() counts what was delivered, not what was read", async () => {
  await using loader = makeLoader({ length: 40 }, { workers: 2, prefetch: 6 });
  assertEquals([loader.state().epoch, loader.state().batch], [0, 0]);
  for await (const { number } of loader) {
    const { batch, epoch } = loader.state();
    assertEquals([epoch, batch], number === 9 ? [1, 0] : [0, number + 1]);
  }
});

Deno.test("Loader.resume() refuses a state of other batches", async () => {
  await using loader = makeLoader({ length: 40 });
  const state = loader.state();
  for (
    const [options, length, why] of [
      [{ seed: 2 }, 40, "other batches"],
      [{ batchSize: 5 }, 40, "other batches"],
      [{}, 44, "of 40 rows, and there are 44"],
    ] as const
  ) {
    await using other = makeLoader({ length }, options);
    assertThrows(() => other.resume(state), Error, why);
  }
  for (const wrong of [null, {}, { ...state, batch: -1 }, "text"]) {
    const resume = () => loader.resume(wrong as typeof state);
    assertThrows(resume, TypeError, "this is no state");
  }
  assertThrows(() => loader.resume({ ...state, version: 9 }), Error, "is 9");
  assertThrows(() => loader.resume({ ...state, batch: 11 }), Error, "batch 11");
});

Deno.test("Loader is gone through once at a time", async () => {
  await using loader = makeLoader({ length: 40 });
  for await (const _ of loader) {
    await assertRejects(() => collect(loader), Error, "being read already");
    assertThrows(() => loader.resume(loader.state()), Error, "being read");
    break;
  }
});

Deno.test("Loader has epochs without batches", async () => {
  await using loader = makeLoader({ length: 0 });
  assertEquals(await collect(loader.epochs(4)), []);
  assertEquals(loader.epoch, 4);
});

Deno.test("Loader goes on at the end of an epoch", async () => {
  await using loader = makeLoader({ length: 40 });
  loader.resume({ ...loader.state(), batch: 10 });
  assertEquals(await collect(loader), []);
  assertEquals([loader.epoch, loader.state().batch], [1, 0]);
  assertEquals((await collect(loader)).length, 10);
});

Deno.test("Loader passes on why a worker could not open the source", async () => {
  const rows = { length: 9, problem: "Cannot open gone.h5ad: it is not there" };
  await using loader = makeLoader(rows, { workers: 2 });
  await assertRejects(() => collect(loader), Error, rows.problem);
});

Deno.test("Loader refuses a worker that found other rows", async () => {
  const sampler = new SequentialSampler(10, { batchSize: 4 });
  await using loader = new Loader(new MemoryRows({ length: 10 }), sampler, {
    opener: memoryOpener({ length: 11 }),
    workers: 1,
  });
  await assertRejects(() => collect(loader), Error, "a worker found 11 rows");
});

Deno.test("Loader refuses what it can't do", async () => {
  const source = new MemoryRows({ length: 10 });
  const sampler = new SequentialSampler(9, { batchSize: 1 });
  assertThrows(() => new Loader(source, sampler), RangeError, "is for 9");
  const fits = new SequentialSampler(10, { batchSize: 1 });
  for (const options of [{ workers: -1 }, { prefetch: 1.5 }]) {
    assertThrows(() => new Loader(source, fits, options), RangeError, "is ");
  }
  await using loader = new Loader(source, fits, { workers: 1 });
  await assertRejects(() => collect(loader), TypeError, "no opener");
});

Deno.test("Loader says what is missing, and no number", async () => {
  const rows = new MemoryRows({ length: 4 });
  const sampler = new SequentialSampler(4, { batchSize: 2 });
  const wrong = undefined as unknown as Sampler;
  assertThrows(() => new Loader(rows, wrong), TypeError, "no sampler");
  const path = "cells.h5ad" as unknown as MemoryRows;
  assertThrows(() => new Loader(path, sampler), TypeError, "neither");
  await using loader = new Loader(rows, sampler);
  for (const count of [-1, 1.5, NaN]) {
    const read = () => Array.fromAsync(loader.epochs(count));
    await assertRejects(read, RangeError, `the number of epochs is ${count}`);
  }
});

Deno.test("Loader refuses a signal that was given already", async () => {
  const signal = AbortSignal.abort();
  await using loader = makeLoader({ length: 10 }, { signal });
  const error = await assertRejects(() => collect(loader));
  assertInstanceOf(error, DOMException);
  assertEquals(error.name, "AbortError");
});

Deno.test("Loader reads by itself where workers can't start, and says so", async () => {
  const { code, stdout, stderr } = await runAlone(
    `
    const warnings = [];
    const sampler = new SequentialSampler(10, { batchSize: 4 });
    const rows = new MemoryRows({ length: 10 });
    const loader = new Loader(rows, sampler, {
      workers: 2,
      opener: memoryOpener({ length: 10 }),
      warn: (message) => warnings.push(message),
    });
    const seen = [];
    for await (const { indices } of loader) seen.push(...indices);
    console.log(JSON.stringify([seen, loader.workersCount, warnings]));
  `,
    ["--no-prompt"],
  );
  assertEquals(code, 0, stderr);
  const [seen, count, [warning]] = JSON.parse(stdout);
  assertEquals(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals(count, 0);
  assertStringIncludes(warning, "No workers can be started");
});

Deno.test("Loader that nobody closes does not keep the program", async () => {
  const { code, stdout, stderr } = await runAlone(
    `
    const sampler = new SequentialSampler(100, { batchSize: 4 });
    const loader = new Loader(new MemoryRows({ length: 100 }), sampler, {
      workers: 2,
      opener: memoryOpener({ length: 100 }),
    });
    for await (const { number } of loader) if (number === 3) break;
    console.log("done");
  `,
    ["--no-prompt", "--allow-read"],
  );
  assertEquals([code, stdout], [0, "done\n"], stderr);
});

Deno.test("Loader resumes anywhere, by any numbers", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(40),
      fc.nat(4),
      async (length, batchSize, stop, prefetch) => {
        const options = { batchSize, prefetch };
        await using whole = makeLoader({ length }, options);
        const all = (await collect(whole.epochs(2))).map(nameBatch);
        await using first = makeLoader({ length }, options);
        const seen: string[] = [];
        if (stop > 0) {
          for await (const batch of first.epochs(2)) {
            seen.push(nameBatch(batch));
            if (seen.length === stop) break;
          }
        }
        await using second = makeLoader({ length }, options);
        second.resume(first.state());
        seen.push(...(await collect(second.epochs(2))).map(nameBatch));
        assertEquals(seen, all);
      },
    ),
    { numRuns: 40 },
  );
});

async function collect(
  batches: AsyncIterable<LoadedBatch>,
): Promise<LoadedBatch[]> {
  return await Array.fromAsync(batches);
}

function nameBatch({ epoch, indices, number }: LoadedBatch): string {
  return `${epoch}.${number}: ${indices.join(" ")}`;
}

/** Whether all that came belongs to the rows. */
function checkBatch({ indices, layers, obs }: LoadedBatch): void {
  const { data, shape } = layers["X"]!;
  const [rowsCount, columns] = shape;
  assertEquals([rowsCount, data.length], [indices.length, rowsCount * columns]);
  data.forEach((value: number | bigint, at: number) =>
    assertEquals(
      value,
      indices[Math.floor(at / columns)]! * columns + at % columns,
    )
  );
  assertEquals(obs["label"], {
    isEncoded: true,
    codes: indices,
    missing: undefined,
  });
  const values = Array.from(indices, (row) => `cell ${row}`);
  assertEquals(obs["name"], { isEncoded: false, values });
}

/** Fails rather than waits for ever. */
async function withDeadline<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("It hangs")), 5000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function runAlone(
  code: string,
  permissions: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const urlOf = (path: string) => new URL(path, import.meta.url).href;
  const program = `
    import { Loader } from "${urlOf("../../../src/mapped/loader/loader.ts")}";
    import { SequentialSampler } from "${
    urlOf("../../../src/mapped/samplers/plain.ts")
  }";
    import { memoryOpener, MemoryRows } from "${urlOf("../_memory_rows.ts")}";
    ${code}
  `;
  const path = await Deno.makeTempFile({
    dir: new URL(".", import.meta.url).pathname,
    prefix: "_alone_",
    suffix: ".ts",
  });
  try {
    await Deno.writeTextFile(path, program);
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", ...permissions, path],
    }).output();
    const decoder = new TextDecoder();
    return {
      code: output.code,
      stdout: decoder.decode(output.stdout),
      stderr: decoder.decode(output.stderr),
    };
  } finally {
    await Deno.remove(path);
  }
}
