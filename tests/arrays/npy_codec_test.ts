import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertLess,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { bytesOf, itemSize } from "../../src/arrays/dtypes.ts";
import {
  type AnyNpyArray,
  decodeNpy,
  encodeNpy,
  parseNpyHeader,
} from "../../src/arrays/npy.ts";
import { NPY_FIXTURES, type NpyFixture } from "./npy_fixtures.ts";
import {
  anyArrays,
  assertSameArray,
  headerText,
  isRefusal,
  npyFile,
} from "./npy_helpers.ts";

Deno.test("decodeNpy() reads what numpy wrote", async (t) => {
  for (const fixture of NPY_FIXTURES) {
    await t.step(fixture.title, () => checkDecoded(fixture));
  }
});

function checkDecoded(fixture: NpyFixture): void {
  const array = decodeNpy(Uint8Array.fromBase64(fixture.base64));
  assertEquals(array.dtype, fixture.dtype);
  assertEquals(array.shape, fixture.shape);
  assertEquals(array.fortranOrder, fixture.fortranOrder);
  assertEquals([...array.data], [...fixture.values]);
}

Deno.test("encodeNpy() writes the bytes that numpy writes", async (t) => {
  for (const fixture of NPY_FIXTURES.filter(({ canonical }) => canonical)) {
    await t.step(fixture.title, () => {
      const bytes = Uint8Array.fromBase64(fixture.base64);
      assertEquals(encodeNpy(decodeNpy(bytes)).toHex(), bytes.toHex());
    });
  }
});

Deno.test("encodeNpy() and decodeNpy() are inverse", () => {
  fc.assert(fc.property(anyArrays(), (array) => {
    const bytes = encodeNpy(array);
    assertEquals(
      parseNpyHeader(bytes).dataOffset % 64,
      0,
      "the content is not aligned",
    );
    assertSameArray(decodeNpy(bytes), array);
  }));
});

Deno.test("decodeNpy() reads arrays at any address and of any byte order", () => {
  fc.assert(
    fc.property(anyArrays(), fc.nat({ max: 9 }), fc.boolean(), (
      array,
      shift,
      isBig,
    ) => {
      const bytes = isBig ? encodeBig(array) : encodeNpy(array);
      const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
      shifted.set(bytes);
      assertSameArray(decodeNpy(shifted), array);
      assertEquals(shifted.toHex(), bytes.toHex(), "the input was changed");
    }),
  );
});

/** Encodes by a `DataView`, which knows nothing of the code under test. */
function encodeBig(array: AnyNpyArray): Uint8Array {
  const bytes = encodeNpy(array);
  const { dataOffset } = parseNpyHeader(bytes);
  const isComplex = array.dtype.startsWith("complex");
  const size = itemSize(array.dtype) / (isComplex ? 2 : 1);
  if (size === 1) return bytes;
  bytes[bytes.indexOf(0x3c)] = 0x3e;
  const view = new DataView(bytes.buffer, dataOffset);
  for (let at = 0; at < view.byteLength; at += size) {
    if (size === 2) view.setUint16(at, view.getUint16(at, true));
    if (size === 4) view.setUint32(at, view.getUint32(at, true));
    if (size === 8) view.setBigUint64(at, view.getBigUint64(at, true));
  }
  return bytes;
}

Deno.test("decodeNpy() shares memory where it can", () => {
  const data = new Float64Array([1, 2, 3]);
  const bytes = encodeNpy({ dtype: "float64", data });
  assertStrictEquals(decodeNpy(bytes).data.buffer, bytes.buffer);
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  assert(decodeNpy(shifted).data.buffer !== shifted.buffer);
});

Deno.test("decodeNpy() refuses every truncation and anything behind", () => {
  for (const { base64 } of NPY_FIXTURES.slice(0, 20)) {
    const bytes = Uint8Array.fromBase64(base64);
    for (let length = 0; length < bytes.length; length++) {
      const error = assertThrows(
        () => decodeNpy(bytes.subarray(0, length), "x.npy"),
        RangeError,
        "Cannot read x.npy: ",
      );
      assertStringIncludes(error.message, `byte ${length}`);
    }
    const longer = new Uint8Array(bytes.length + 3);
    longer.set(bytes);
    assertThrows(
      () => decodeNpy(longer, "x.npy"),
      RangeError,
      `followed by other bytes from byte ${bytes.length} to ${longer.length}`,
    );
  }
});

Deno.test("decodeNpy() reads or refuses any changed byte", () => {
  const files = NPY_FIXTURES.map(({ base64 }) => base64);
  let refused = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (file, position, change) => {
        const bytes = Uint8Array.fromBase64(file);
        bytes[position % bytes.length]! ^= change;
        refused += readsOrRefuses(bytes) ? 0 : 1;
      },
    ),
    { numRuns: 2000 },
  );
  assert(refused > 0, "nothing was refused");
});

Deno.test("decodeNpy() reads or refuses any header", () => {
  const parts = fc.constantFrom(
    ..."{}()[]:, '\"\\\n-1".split(""),
    ...["'descr'", "'<f8'", "'fortran_order'", "False", "'shape'", "(2,)"],
    ...["None", "10L", "1e9", "u'a'", "\\x41", "é", "{'descr': '<f8', "],
  );
  const headers = fc.array(parts, { maxLength: 30 });
  fc.assert(
    fc.property(headers, fc.integer({ min: 1, max: 3 }), (header, major) => {
      readsOrRefuses(npyFile(header.join(""), new Uint8Array(16), major));
    }),
    { numRuns: 1000 },
  );
});

function readsOrRefuses(bytes: Uint8Array): boolean {
  try {
    const { data, dtype, shape } = decodeNpy(bytes);
    const count = shape.reduce((product, size) => product * size, 1);
    assertEquals(data.byteLength, count * itemSize(dtype));
    return true;
  } catch (error) {
    assert(isRefusal(error), `${error}`);
    return false;
  }
}

Deno.test("decodeNpy() allocates nothing by what a header claims", () => {
  const before = Deno.memoryUsage();
  for (
    const shape of [
      "(4000000000,)",
      "(1048576, 1048576)",
      "(9007199254740991, 9007199254740991)",
    ]
  ) {
    assertThrows(
      () => decodeNpy(npyFile(headerText("'<f8'", shape)), "x.npy"),
      RangeError,
      "the file is truncated at byte",
    );
  }
  const huge = npyFile("", undefined, 2);
  huge.fill(0xff, 8, 12);
  assertThrows(() => decodeNpy(huge), RangeError, "claims 4294967295 bytes");
  const after = Deno.memoryUsage();
  assertLess(after.external - before.external, 1 << 24);
});

Deno.test("decodeNpy() refuses a bool that is neither 0 nor 1", () => {
  const bytes = encodeNpy({ dtype: "bool", data: new Uint8Array([1, 0, 1]) });
  bytes[bytes.length - 1] = 2;
  assertThrows(
    () => decodeNpy(bytes, "m.npy"),
    RangeError,
    "Cannot read m.npy: a bool is 2, at byte 130",
  );
});

Deno.test("encodeNpy() marks an array that has no order as of C order", () => {
  for (const shape of [[6], [1, 6], [6, 1, 1], [1, 1], [0, 3], [2, 0, 3]]) {
    const data = new Int8Array(shape.reduce((a, b) => a * b, 1));
    const bytes = encodeNpy({ dtype: "int8", shape, fortranOrder: true, data });
    assertFalse(parseNpyHeader(bytes).fortranOrder, `${shape}`);
  }
});

Deno.test("encodeNpy() writes version 2 where version 1 has no room", () => {
  const shape = new Array<number>(30_000).fill(1);
  const bytes = encodeNpy({ dtype: "int8", shape, data: new Int8Array([5]) });
  assertEquals(bytes[6], 2);
  const array = decodeNpy(bytes);
  assertEquals(array.shape.length, 30_000);
  assertEquals(array.data, new Int8Array([5]));
});

Deno.test("encodeNpy() takes one axis where no shape is given", () => {
  const data = new Float32Array([1, 2, 3, 4]);
  assertEquals(decodeNpy(encodeNpy({ dtype: "complex64", data })).shape, [2]);
  assertEquals(decodeNpy(encodeNpy({ dtype: "float32", data })).shape, [4]);
});

Deno.test("encodeNpy() refuses data that does not fit", () => {
  const data = new Float32Array(6);
  const wrong = data as unknown as Float64Array;
  assertThrows(
    () => encodeNpy({ dtype: "float64", data: wrong }),
    TypeError,
    "the data is not an array of float64",
  );
  assertThrows(
    () => encodeNpy({ dtype: "float32", shape: [2, 2], data }),
    TypeError,
    "the shape (2, 2) of float32 does not fit data of 6 numbers",
  );
  for (const shape of [[-2, -3], [1.5, 4], [Infinity]]) {
    assertThrows(
      () => encodeNpy({ dtype: "float32", shape, data }),
      RangeError,
      `an axis is of size ${shape[0]}`,
    );
  }
  assertThrows(
    () => encodeNpy({ dtype: "bool", data: new Uint8Array([1, 7]) }),
    RangeError,
    "the bool at 1 is 7",
  );
});

Deno.test("encodeNpy() writes a part of a larger buffer", () => {
  const data = new Int16Array([1, 2, 3, 4]).subarray(1, 3);
  const array = decodeNpy(encodeNpy({ dtype: "int16", data }));
  assertInstanceOf(array.data, Int16Array);
  assertEquals(bytesOf(array.data).toHex(), "02000300");
});
