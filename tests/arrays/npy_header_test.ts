import { assertEquals, assertThrows } from "@std/assert";
import { type NpyHeader, parseNpyHeader } from "../../src/arrays/npy.ts";
import {
  checkNpyLength,
  countElements,
  formatNpyHeader,
  npyDataOffset,
} from "../../src/arrays/npy_header.ts";
import { headerText, npyFile } from "./npy_helpers.ts";

Deno.test("parseNpyHeader() takes any way to write the dictionary", async (t) => {
  const wanted: Partial<NpyHeader> = {
    shape: [10, 3],
    fortranOrder: true,
    dtype: "int32",
  };
  const headers = [
    "{'descr': '<i4', 'fortran_order': True, 'shape': (10, 3), }   \n",
    "{'descr': '<i4', 'fortran_order': True, 'shape': (10, 3)}",
    "{'shape': (10L, 3L), 'fortran_order': True, 'descr': '<i4'}\n",
    '{"shape":(10,3,),"descr":"<i4","fortran_order":True}',
    "  {\n'shape' : ( +10 , 3 )\t,'descr':u'<i4','fortran_order':True,}\n\n",
    "{'sh\\x61pe': (10, 3), 'descr': b'\\u003ci4', 'fortran_order': True}",
    "({'shape': ((10), 3), 'descr': ('=i4'), 'fortran_order': (True)})",
  ];
  for (const header of headers) {
    await t.step(JSON.stringify(header), () => {
      for (const major of [1, 2, 3]) {
        const { shape, fortranOrder, dtype } = parseNpyHeader(
          npyFile(header, undefined, major),
        );
        assertEquals<Partial<NpyHeader>>(
          { shape, fortranOrder, dtype },
          wanted,
        );
      }
    });
  }
});

Deno.test("parseNpyHeader() takes shapes of any number of axes", () => {
  const shapes = { "()": [], "(0,)": [0], "(5,)": [5], "(2, 0, 4)": [2, 0, 4] };
  for (const [text, shape] of Object.entries(shapes)) {
    assertEquals(
      parseNpyHeader(npyFile(headerText("'|u1'", text))).shape,
      shape,
    );
  }
});

Deno.test("parseNpyHeader() reads byte orders", () => {
  const order = (descr: string) =>
    parseNpyHeader(npyFile(headerText(`'${descr}'`, "(1,)")));
  assertEquals(order("<f8").littleEndian, true);
  assertEquals(order(">f8").littleEndian, false);
  assertEquals(order("=f8").littleEndian, true);
  assertEquals(order("f8").littleEndian, true);
  assertEquals(order("|b1").dtype, "bool");
  assertEquals(order("?").dtype, "bool");
  assertEquals(order(">c16").dtype, "complex128");
});

Deno.test("parseNpyHeader() refuses other dtypes and names them", async (t) => {
  const table: [string, string][] = [
    ["'|O'", '"|O" (Python objects)'],
    ["'<U2'", '"<U2" (strings)'],
    ["'|S2'", '"|S2" (byte strings)'],
    ["'|V2'", '"|V2" (raw or structured data)'],
    ["'<M8[D]'", '"<M8[D]" (dates)'],
    ["'<m8[s]'", '"<m8[s]" (time spans)'],
    ["'<f16'", '"<f16" (long doubles)'],
    ["'<c32'", '"<c32" (complex long doubles)'],
    ["'<i16'", '"<i16" is neither'],
    ["'<f8\\n'", '"<f8\\n"'],
    ["'toString'", '"toString"'],
    ["''", '""'],
    ["None", '"null"'],
    ["[('a', '<i4'), ('b', '<f8', (2,))]", "(structured data)"],
    ["('<f8', (2,))", "(structured data)"],
    ["{'names': ['a']}", "(structured data)"],
  ];
  for (const [descr, message] of table) {
    await t.step(descr, () => {
      const error = assertThrows(
        () => parseNpyHeader(npyFile(headerText(descr, "(1,)")), "x.npy"),
        TypeError,
        message,
      );
      assertEquals(error.message.startsWith("Cannot read x.npy: "), true);
      assertEquals(error.message.includes("\n"), false);
    });
  }
});

Deno.test("parseNpyHeader() refuses what is no header", async (t) => {
  const table: [string, string][] = [
    ["", "a value is expected, not the end, at byte 10"],
    ["{", "is expected, not the end, at byte 11"],
    ["[1, 2]", "its header is not a dictionary, at byte 10"],
    ["{} 1", 'the end is expected, not "1", at byte 13'],
    ["{'descr': '<f8'}", 'its header has the keys ["descr"]'],
    [headerText("'<f8'", "(1,)").replace("}", "'x': 1}"), '"x"'],
    [headerText("'<f8'", "(1,)", "0"), "fortran_order is neither True nor"],
    [headerText("'<f8'", "(1,)", "None"), "fortran_order is neither True"],
    [headerText("'<f8'", "5"), "its shape is not a tuple of integers"],
    [headerText("'<f8'", "(5)"), "its shape is not a tuple of integers"],
    [headerText("'<f8'", "[5]"), "its shape is not a tuple of integers"],
    [headerText("'<f8'", "('5',)"), "its shape is not a tuple of integers"],
    [headerText("'<f8'", "(True,)"), "its shape is not a tuple of integers"],
    [headerText("'<f8'", "(1.5,)"), 'a value is expected, not "1"'],
    [headerText("'<f8'", "(1 2)"), '"," or ")" is expected, not "2"'],
    [headerText("'<f8'", "(,)"), 'a value is expected, not ","'],
    [headerText("'<f8'", "f()"), 'a value is expected, not "f"'],
    ["{'a': 1, 'a': 2}", 'the key "a" is repeated, at byte 19'],
    ["{1: 2}", "a key is not a text, at byte 11"],
    ["{'a' 2}", '":" is expected, not "2", at byte 15'],
    ["{'a: 2}", "a text that begins here has no end, at byte 11"],
    ["{'\\q': 2}", "an escape is expected"],
    ["(".repeat(5000), "it is nested too deeply, at byte 42"],
  ];
  for (const [header, message] of table) {
    await t.step(JSON.stringify(header.slice(0, 60)), () => {
      assertThrows(
        () => parseNpyHeader(npyFile(header), "x.npy"),
        SyntaxError,
        message,
      );
    });
  }
});

Deno.test("parseNpyHeader() refuses impossible sizes", () => {
  for (
    const shape of ["(-1,)", "(3, 9007199254740992)", `(${"9".repeat(400)},)`]
  ) {
    assertThrows(
      () => parseNpyHeader(npyFile(headerText("'<f8'", shape)), "x.npy"),
      RangeError,
      "Cannot read x.npy: its shape has an axis of size",
    );
  }
});

Deno.test("parseNpyHeader() names the byte of a fault behind non-ASCII", () => {
  assertThrows(
    () => parseNpyHeader(npyFile("{'é': !}", undefined, 3)),
    SyntaxError,
    'a value is expected, not "!", at byte 19',
  );
  const bytes = npyFile("{'a': 1}", undefined, 3);
  bytes[14] = 0xff;
  assertThrows(() => parseNpyHeader(bytes), SyntaxError, "is not UTF-8");
});

Deno.test("npyDataOffset() refuses other files and versions", () => {
  const zip = new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
  assertThrows(
    () => npyDataOffset(zip, "x.npz"),
    SyntaxError,
    "Cannot read x.npz: it is not an npy file, at byte 0",
  );
  const bytes = npyFile("");
  bytes[6] = 4;
  assertThrows(() => npyDataOffset(bytes), RangeError, "ends at byte 10");
  const longer = npyFile("    ");
  longer[6] = 4;
  assertThrows(() => npyDataOffset(longer), SyntaxError, "npy version 4.0");
  const minor = npyFile("    ");
  minor[7] = 1;
  assertThrows(() => npyDataOffset(minor), SyntaxError, "npy version 1.1");
});

Deno.test("countElements() multiplies the axes", () => {
  assertEquals(countElements([]), 1);
  assertEquals(countElements([2, 3, 4]), 24);
  assertEquals(countElements([2 ** 53 - 1, 2 ** 53 - 1, 0]), 0);
  assertEquals(countElements([...new Array(40).fill(2 ** 52), 0]), 0);
});

Deno.test("checkNpyLength() compares with the true length", () => {
  const bytes = formatNpyHeader({
    dtype: "int64",
    shape: [2, 3],
    fortranOrder: false,
  });
  const header = parseNpyHeader(bytes);
  checkNpyLength(header, 128 + 48);
  assertThrows(
    () => checkNpyLength(header, 128 + 47, "x.npy"),
    RangeError,
    "Cannot read x.npy: (2, 3) of int64 from byte 128 takes 176 bytes, " +
      "the file is truncated at byte 175",
  );
});

Deno.test("formatNpyHeader() leaves room for an axis to grow", () => {
  const sizes = [0, 1, 12, 123_456, 2 ** 53 - 1];
  const lengths = sizes.map((size) => {
    const header = formatNpyHeader({
      dtype: "float64",
      shape: [size],
      fortranOrder: false,
    });
    return header.length;
  });
  assertEquals(lengths, sizes.map(() => 128));
});

Deno.test("formatNpyHeader() lets the last axis grow in Fortran order", () => {
  // numpy's headers of this shape take 128 bytes in C order, 192 in Fortran.
  const shape = [1000, ...new Array<number>(12).fill(1), 2];
  const length = (fortranOrder: boolean) =>
    formatNpyHeader({ dtype: "uint8", shape, fortranOrder }).length;
  assertEquals([length(false), length(true)], [128, 192]);
});
