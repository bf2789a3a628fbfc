import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { Lz4Decoder } from "../../src/io/lz4_decoder.ts";

/** Bytes as they are, and a repeat of what was `distance` bytes before. */
interface Sequence {
  readonly literals: Uint8Array;
  readonly distance: number;
  readonly length: number;
}

/** The rest of a length that does not fit four bits. */
function restOf(length: number): number[] {
  if (length < 15) return [];
  const left = length - 15;
  return [...new Array(Math.floor(left / 255)).fill(255), left % 255];
}

/** Packs sequences as LZ4, and says what they stand for. */
function pack(
  sequences: readonly Sequence[],
  last: Uint8Array,
): { readonly packed: Uint8Array; readonly plain: Uint8Array } {
  const packed: number[] = [];
  const plain: number[] = [];
  for (const { literals, distance: far, length } of sequences) {
    plain.push(...literals);
    const distance = Math.min(far, plain.length);
    const token = Math.min(literals.length, 15) << 4 |
      Math.min(length - 4, 15);
    packed.push(token, ...restOf(literals.length), ...literals);
    packed.push(distance & 255, distance >> 8, ...restOf(length - 4));
    for (let at = 0; at < length; at++) plain.push(plain.at(-distance)!);
  }
  plain.push(...last);
  packed.push(Math.min(last.length, 15) << 4, ...restOf(last.length), ...last);
  return { packed: Uint8Array.from(packed), plain: Uint8Array.from(plain) };
}

const BYTES = (least: number) =>
  fc.uint8Array({ minLength: least, maxLength: 40, size: "max" });
const SEQUENCE = fc.record({
  literals: BYTES(1),
  distance: fc.oneof(
    fc.integer({ min: 1, max: 20 }),
    fc.nat(900).map((n) => n + 1),
  ),
  length: fc.oneof(
    fc.integer({ min: 4, max: 30 }),
    fc.integer({ min: 31, max: 600 }),
  ),
});
const PACKED = fc.tuple(fc.array(SEQUENCE, { maxLength: 12 }), BYTES(1))
  .map(([sequences, last]) => pack(sequences, last));

Deno.test("Lz4Decoder.decode() gives back what was packed", () => {
  const decoder = new Lz4Decoder();
  const property = fc.property(PACKED, fc.nat(), ({ packed, plain }, some) => {
    const wanted = some % (plain.length + 1);
    const size = plain.length;
    const block = { start: 3, end: 3 + packed.length, size, wanted };
    const input = new Uint8Array(packed.length + 5).fill(9);
    input.set(packed, 3);
    decoder.start(input, 7 + size);
    assert(decoder.decode(block, 7));
    const output = decoder.output(7 + size).subarray(7, 7 + wanted);
    assertEquals(output, plain.subarray(0, wanted));
  });
  fc.assert(property, { numRuns: 300 });
});

Deno.test("Lz4Decoder.decode() refuses what does not fit", () => {
  const decoder = new Lz4Decoder();
  const decode = (packed: readonly number[], size: number) => {
    decoder.start(Uint8Array.from(packed), size);
    const end = packed.length;
    return decoder.decode({ start: 0, end, size, wanted: size }, 0);
  };
  const good = [0x10, 7, 1, 0, 0x10, 8];
  assert(decode(good, 6));
  for (let end = 0; end < good.length; end++) {
    assertFalse(decode(good.slice(0, end), 6), `${end}`);
  }
  assertFalse(decode(good, 7));
  assertFalse(decode(good, 5));
  assertFalse(decode(good, 1000));
  // A distance of nothing, and one to what is before the first byte.
  assertFalse(decode([0x10, 7, 0, 0, 0x10, 8], 6));
  assertFalse(decode([0x10, 7, 2, 0, 0x10, 8], 6));
  // Lengths that never end.
  assertFalse(decode([0xf0, ...new Array(200).fill(255)], 100));
  assertFalse(decode([0x1f, 7, 1, 0, ...new Array(200).fill(255)], 100));
});

Deno.test("Lz4Decoder.decode() survives any bytes", () => {
  const decoder = new Lz4Decoder();
  const bytes = fc.uint8Array({ maxLength: 300, size: "max" });
  const property = fc.property(bytes, fc.nat(500), (packed, size) => {
    decoder.start(packed, 2 * size);
    const block = { start: 0, end: packed.length, size, wanted: size };
    decoder.output(2 * size).fill(1, size + 16);
    decoder.decode(block, 0);
    // What is behind it, but for a few bytes, stays as it was.
    assert(
      decoder.output(2 * size).subarray(size + 16).every((one) => one === 1),
    );
  });
  fc.assert(property, { numRuns: 300 });
});

Deno.test("Lz4Decoder.isConstant() looks at all bytes", () => {
  const decoder = new Lz4Decoder();
  decoder.start(new Uint8Array(0), 100);
  const bytes = decoder.output(100).fill(5);
  assert(decoder.isConstant(0, 100));
  for (const at of [3, 16, 50, 98, 99]) {
    bytes[at] = 6;
    assertFalse(decoder.isConstant(3, 100), `${at}`);
    assert(decoder.isConstant(at, at + 1));
    bytes[at] = 5;
  }
});
