import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { readWholeLines, textEnd } from "../../src/imports/whole_lines.ts";

const decoder = new TextDecoder();

Deno.test("readWholeLines() gives the same lines, however bytes come", async () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "b", "\n"),
    maxLength: 30,
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  await fc.assert(fc.asyncProperty(text, sizes, async (text, sizes) => {
    const blocks: string[] = [];
    const chunks = cut(new TextEncoder().encode(text), sizes);
    for await (const block of readWholeLines(chunks, "text")) {
      blocks.push(decoder.decode(block));
    }
    const hasEnd = text === "" || text.endsWith("\n");
    assertEquals(blocks.join(""), hasEnd ? text : `${text}\n`);
    assertEquals(blocks.filter((block) => !block.endsWith("\n")), []);
  }));
});

Deno.test("readWholeLines() refuses a line that never ends", async () => {
  const options = { longestLine: 1000 };
  await assertRejects(
    () => Array.fromAsync(readWholeLines(endless(), "table.csv", options)),
    SyntaxError,
    "Cannot import table.csv: it has a line of more than 1000 bytes",
  );
});

Deno.test("textEnd() takes one carriage return before the newline", () => {
  const bytes = new TextEncoder().encode("a\r\r\n\r\n\n");
  assertStrictEquals(textEnd(bytes, 0, 3), 2);
  assertStrictEquals(textEnd(bytes, 4, 5), 4);
  assertStrictEquals(textEnd(bytes, 6, 6), 6);
});

/** Chunks in one buffer that is used again, as those of files may be. */
async function* cut(
  bytes: Uint8Array,
  sizes: readonly number[],
): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(16);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    const chunk = bytes.subarray(at, at + size);
    buffer.fill(0).set(chunk);
    yield buffer.subarray(0, chunk.length);
    at += size;
  }
}

async function* endless(): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(100).fill(65);
  while (true) yield chunk;
}
