import { assert, assertEquals, assertRejects } from "@std/assert";
import { deflateRawSync, gzipSync } from "node:zlib";
import { openByteStream } from "../../src/io/byte_stream.ts";
import { inflateAside, inflateHere } from "../../src/io/inflate.ts";
import { withTempFolder } from "../helpers.ts";

/** Text that does not compress to nothing, the same in each run. */
function makeBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = 48 + (state >>> 28);
  }
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    assert(chunk.length > 0);
    parts.push(chunk.slice());
  }
  return join(...parts);
}

/** Both ways of inflating, which must not differ. */
const WAYS = { inflateHere, inflateAside };

async function withFile(
  bytes: Uint8Array,
  run: (path: string) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    Deno.writeFileSync(`${folder}/x`, bytes);
    await run(`${folder}/x`);
  });
}

Deno.test("openByteStream() reads a file as it is", async () => {
  const bytes = makeBytes(300_001);
  await withFile(bytes, async (path) => {
    assertEquals(await collect(openByteStream(path)), bytes);
    assertEquals(
      await collect(openByteStream(path, { chunkSize: 7777 })),
      bytes,
    );
  });
});

Deno.test("openByteStream() reads a file of no bytes and of one", async () => {
  for (const length of [0, 1]) {
    await withFile(new Uint8Array(length).fill(0x1f), async (path) => {
      assertEquals((await collect(openByteStream(path))).length, length);
    });
  }
});

Deno.test("openByteStream() knows gzip by its magic bytes", async () => {
  const bytes = makeBytes(300_001);
  await withFile(gzipSync(bytes), async (path) => {
    assertEquals(await collect(openByteStream(path)), bytes);
    const chunks = openByteStream(path, { chunkSize: 7777 });
    assertEquals(await collect(chunks), bytes);
  });
});

Deno.test("openByteStream() inflates large files aside", async () => {
  const bytes = makeBytes(18_000_000);
  const packed = gzipSync(bytes, { level: 0 });
  assert(packed.length > 1 << 24, "the file is too small for a worker");
  await withFile(packed, async (path) => {
    assertEquals(await collect(openByteStream(path)), bytes);
  });
});

Deno.test("openByteStream() closes the file when nobody reads on", async () => {
  for (const bytes of [makeBytes(3_000_000), gzipSync(makeBytes(3_000_000))]) {
    await withFile(bytes, async (path) => {
      for await (const chunk of openByteStream(path, { chunkSize: 4096 })) {
        assert(chunk.length > 0);
        break;
      }
    });
  }
});

Deno.test("openByteStream() says what can't be read", async () => {
  await withTempFolder(async (folder) => {
    await assertRejects(
      () => collect(openByteStream(`${folder}/none`)),
      Error,
      `Cannot read ${folder}/none: there is no such file or folder`,
    );
    await assertRejects(
      () => collect(openByteStream(folder)),
      Error,
      `Cannot read ${folder}: it is a folder`,
    );
  });
});

for (const [name, inflate] of Object.entries(WAYS)) {
  const read = (path: string, chunkSize = 1 << 16) =>
    collect(inflate(path, chunkSize));

  Deno.test(`${name}() reads many members`, async () => {
    const parts = [1, 70_000, 0, 3, 500_000, 0].map(makeBytes);
    const packed = join(...parts.map((part) => gzipSync(part)));
    await withFile(packed, async (path) => {
      assertEquals(await read(path), join(...parts));
      assertEquals(await read(path, 1000), join(...parts));
    });
  });

  Deno.test(`${name}() reads the blocks of bgzip`, async () => {
    const bytes = makeBytes(200_000);
    const blocks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += 60_000) {
      blocks.push(bgzipBlock(bytes.subarray(at, at + 60_000)));
    }
    blocks.push(bgzipBlock(new Uint8Array(0)));
    await withFile(join(...blocks), async (path) => {
      assertEquals(await read(path), bytes);
    });
  });

  Deno.test(`${name}() ignores zeros behind the last member`, async () => {
    const packed = join(gzipSync(makeBytes(999)), new Uint8Array(512));
    await withFile(packed, async (path) => {
      assertEquals(await read(path), makeBytes(999));
    });
  });

  Deno.test(`${name}() refuses a file that is cut anywhere`, async () => {
    const packed = join(gzipSync(makeBytes(99_000)), gzipSync(makeBytes(9)));
    const first = gzipSync(makeBytes(99_000)).length;
    const cuts = [2, 9, 10, 11, 500, first - 9, first - 1, first + 1];
    for (const cut of [...cuts, first + 12, packed.length - 1]) {
      await withFile(packed.slice(0, cut), async (path) => {
        await assertRejects(
          () => read(path),
          Error,
          `Cannot read ${path}: the file is cut off: its gzip data go on ` +
            `after byte ${cut}, where it ends`,
        );
      });
    }
  });

  Deno.test(`${name}() refuses damaged data`, async () => {
    const packed = gzipSync(makeBytes(400_000));
    const check = packed.length - 6;
    for (const at of [Math.floor(packed.length / 2), check]) {
      const damaged = Uint8Array.from(packed);
      damaged[at]! ^= 0xff;
      await withFile(damaged, async (path) => {
        const error = await assertRejects(() => read(path), Error);
        const [what, offset] = error.message.split(" after byte ");
        assertEquals(
          what,
          `Cannot read ${path}: its gzip data are damaged, which shows`,
        );
        assert(parseInt(offset!) <= damaged.length, offset!);
      });
    }
  });

  Deno.test(`${name}() refuses other data behind a member`, async () => {
    const packed = join(gzipSync(makeBytes(99)), makeBytes(50));
    await withFile(packed, async (path) => {
      await assertRejects(
        () => read(path),
        Error,
        "are damaged, which shows after byte",
      );
    });
  });

  Deno.test(`${name}() says what can't be read`, async () => {
    await assertRejects(
      () => read("/no/such/file"),
      Error,
      "Cannot read /no/such/file: there is no such file or folder",
    );
  });

  Deno.test(`${name}() stops when nobody reads on`, async () => {
    await withFile(gzipSync(makeBytes(5_000_000)), async (path) => {
      for await (const chunk of inflate(path, 1000)) {
        assert(chunk.length > 0);
        break;
      }
    });
  });
}

/** A gzip member with the extra field that says its size. */
function bgzipBlock(bytes: Uint8Array): Uint8Array {
  const data = deflateRawSync(bytes);
  const trailer = gzipSync(bytes).slice(-8);
  const size = 18 + data.length + 8 - 1;
  const header = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 6, 0, 66, 67, 2, 0];
  return join(
    Uint8Array.of(...header, size & 255, size >> 8),
    data,
    trailer,
  );
}
