import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MtxParser } from "../../../src/imports/mtx/mtx_parser.ts";

type Entry = readonly [row: number, column: number, count: number];

/** Parses a text that comes in chunks of so many bytes. */
function parse(text: string, chunkSize = 1 << 16): Entry[] {
  const parser = new MtxParser("x.mtx");
  const bytes = new TextEncoder().encode(text);
  const entries: Entry[] = [];
  const take = (length: number): void => {
    const { rows, columns, counts } = parser;
    for (let at = 0; at < length; at++) {
      entries.push([rows[at]! + 1, columns[at]! + 1, counts[at]!]);
    }
  };
  for (let at = 0; at < bytes.length; at += chunkSize) {
    // A copy that is overwritten: nothing may be kept in the chunk.
    const chunk = bytes.slice(at, at + chunkSize);
    take(parser.parse(chunk));
    chunk.fill(0x39);
  }
  take(parser.finish());
  assertEquals(parser.entriesRead, entries.length);
  return entries;
}

const BANNER = "%%MatrixMarket matrix coordinate real general\n";

function refuse(text: string): string {
  const messages = [1, 7, 1 << 16].map((chunkSize) =>
    assertThrows(() => parse(text, chunkSize), SyntaxError).message
  );
  assertEquals(new Set(messages).size, 1, messages.join("; "));
  return messages[0]!;
}

Deno.test("MtxParser reads entries, wherever chunks end", () => {
  const text = BANNER + "%\n30 40 3\n1 1 1\n30 2 400\n7 40 70000\n";
  for (let chunkSize = 1; chunkSize < text.length + 1; chunkSize++) {
    assertEquals(parse(text, chunkSize), [
      [1, 1, 1],
      [30, 2, 400],
      [7, 40, 70000],
    ]);
  }
});

Deno.test("MtxParser reads all that the format allows", async (t) => {
  const cases: Record<string, string> = {
    "CRLF": "%%MatrixMarket matrix coordinate real general\r\n%\r\n" +
      "3 4 2\r\n1 2 3\r\n3 4 5\r\n",
    "no newline at the end": BANNER + "3 4 2\n1 2 3\n3 4 5",
    "CRLF and no newline at the end": BANNER + "3 4 2\r\n1 2 3\r\n3 4 5\r",
    "comments and empty lines": BANNER +
      "% a\n\n%b\n3 4 2\n\n1 2 3\n% c\n \t\n3 4 5\n\n%\n",
    "tabs and blanks": BANNER + " 3\t4  2 \n\t1   2\t3\n3\t4\t5 \n",
    "any case": "%%matrixmarket MATRIX Coordinate INTEGER General\n" +
      "3 4 2\n1 2 3\n3 4 5\n",
    "unsigned-integer": "%%MatrixMarket matrix coordinate " +
      "unsigned-integer general\n3 4 2\n1 2 3\n3 4 5\n",
    "real numbers": BANNER + "3 4 2\n1 2 3.0\n3 4 +5e0\n",
    "leading zeros": BANNER + "3 4 2\n0001 2 3\n3 00000000004 0000000000005\n",
  };
  for (const [name, text] of Object.entries(cases)) {
    await t.step(name, () => {
      for (const chunkSize of [1, 2, 3, 5, 1 << 16]) {
        assertEquals(parse(text, chunkSize), [[1, 2, 3], [3, 4, 5]]);
      }
    });
  }
});

Deno.test("MtxParser reads the largest numbers", () => {
  const text = BANNER +
    "4294967295 4294967295 2\n4294967295 4294967295 4294967295\n" +
    "999999999 1000000000 1e9\n";
  assertEquals(parse(text), [
    [4294967295, 4294967295, 4294967295],
    [999999999, 1000000000, 1000000000],
  ]);
});

Deno.test("MtxParser reads no entries", () => {
  assertEquals(parse(BANNER + "3 4 0\n"), []);
  assertEquals(parse(BANNER + "0 0 0"), []);
});

Deno.test("MtxParser keeps a long comment", () => {
  const text = BANNER + `%${"x".repeat(100_000)}\n1 1 1\n1 1 2\n`;
  assertEquals(parse(text, 1000), [[1, 1, 2]]);
});

Deno.test("MtxParser refuses a line without an end", () => {
  const message = refuse(BANNER + "1 1 1\n" + "1".repeat((1 << 20) + 1));
  assertEquals(
    message,
    "Cannot import x.mtx: line 3: it is longer than 1048576 bytes",
  );
});

const HEADERS: readonly [string, string][] = [
  ["", "it is empty"],
  [
    "1 2 3\n",
    'line 1: it starts with "1 2 3", not with "%%MatrixMarket"',
  ],
  [
    "%%MatrixMarket vector coordinate real general\n",
    'line 1: the object "vector" is not supported, only matrix',
  ],
  [
    "%%MatrixMarket matrix array real general\n",
    'line 1: the format "array" is not supported, only coordinate',
  ],
  [
    "%%MatrixMarket matrix coordinate pattern general\n",
    'line 1: the type of numbers "pattern" is not supported, ' +
    "only integer, real, unsigned-integer",
  ],
  [
    "%%MatrixMarket matrix coordinate complex general\n",
    'line 1: the type of numbers "complex" is not supported, ' +
    "only integer, real, unsigned-integer",
  ],
  [
    "%%MatrixMarket matrix coordinate real symmetric\n",
    'line 1: the symmetry "symmetric" is not supported, only general',
  ],
  [
    "%%MatrixMarket matrix coordinate real\n",
    'line 1: the symmetry "" is not supported, only general',
  ],
  [BANNER + "%\n", "line 2: it ends before the line of the sizes"],
  [
    BANNER + "3 4\n",
    'line 2: "3 4" is not the number of rows, of columns and of entries',
  ],
  [
    BANNER + "%\n3 x 2\n",
    'line 3: "3 x 2" is not the number of rows, of columns and of entries',
  ],
  [
    BANNER + "3 -4 2\n",
    'line 2: "3 -4 2" is not the number of rows, of columns and of entries',
  ],
  [BANNER + "4294967296 1 1\n", "line 2: more rows or columns than 4294967295"],
  [
    BANNER + "1 1 99999999999999999999\n",
    "line 2: 99999999999999999999 entries are too many",
  ],
];

for (const [text, why] of HEADERS) {
  Deno.test(`MtxParser refuses the header ${JSON.stringify(text)}`, () => {
    assertEquals(refuse(text), `Cannot import x.mtx: ${why}`);
  });
}

const ENTRIES: readonly [string, string][] = [
  ["0 1 1", "line 4: row 0 is out of range: the header says 3"],
  ["4 1 1", "line 4: row 4 is out of range: the header says 3"],
  ["1 0 1", "line 4: column 0 is out of range: the header says 5"],
  ["1 6 1", "line 4: column 6 is out of range: the header says 5"],
  [
    "4294967297 1 1",
    "line 4: row 4294967297 is out of range: the header says 3",
  ],
  ["-1 1 1", "line 4: row -1 is not a whole number"],
  ["1 1.0 1", "line 4: column 1.0 is not a whole number"],
  ["x 1 1", 'line 4: row "x" is not a whole number'],
  ["1 1 -3", "line 4: the count -3 is negative"],
  [
    "1 1 2.5",
    "line 4: the count 2.5 is not a whole number, so these are not raw counts",
  ],
  ["1 1 nan", 'line 4: the count "nan" is not a number'],
  ["1 1 inf", 'line 4: the count "inf" is not a number'],
  ["1 1 many", 'line 4: the count "many" is not a number'],
  ["1 1 4294967296", "line 4: the count 4294967296 is over 4294967295"],
  ["1 1 \u001b[2J", 'line 4: the count "\\u001b[2J" is not a number'],
  ["1 1", 'line 4: "1 1" is not a row, a column and a count'],
  ["1", 'line 4: "1" is not a row, a column and a count'],
  ["1 1 1 1", 'line 4: "1 1 1 1" is not a row, a column and a count'],
  ["1,1,1", 'line 4: "1,1,1" is not a row, a column and a count'],
];

for (const [line, why] of ENTRIES) {
  Deno.test(`MtxParser refuses the entry ${JSON.stringify(line)}`, () => {
    const text = BANNER + "3 5 3\n1 1 1\n" + line + "\n1 1 1\n";
    assertEquals(refuse(text), `Cannot import x.mtx: ${why}`);
  });
}

Deno.test("MtxParser refuses fewer entries than the header says", () => {
  assertEquals(
    refuse(BANNER + "3 5 3\n1 1 1\n\n2 1 1\n"),
    "Cannot import x.mtx: line 5: the file ends here after 2 entries, " +
      "and its header says 3",
  );
});

Deno.test("MtxParser refuses more entries than the header says", () => {
  for (const end of ["\n", ""]) {
    assertEquals(
      refuse(BANNER + "3 5 2\n1 1 1\n% c\n2 1 1\n3 1 1" + end),
      "Cannot import x.mtx: line 6: an entry more than the 2 of the header",
    );
  }
});

Deno.test("MtxParser cuts long texts in messages", () => {
  const message = refuse(BANNER + "3 5 1\n" + "x".repeat(500) + "\n");
  assertEquals(message.length < 120, true, message);
});

Deno.test("MtxParser reads back what was written in any notation", () => {
  const entry = fc.record({
    row: fc.integer({ min: 1, max: 70_000 }),
    column: fc.integer({ min: 1, max: 300 }),
    count: fc.oneof(fc.nat(300), fc.nat(), fc.constant(4294967295)),
    blank: fc.constantFrom(" ", "\t", "  "),
    end: fc.constantFrom("\n", "\r\n", " \n", "\n\n", "\n% x\n"),
    suffix: fc.constantFrom("", ".0", "e0", ".", ".000E+00"),
  });
  const chunkSize = fc.integer({ min: 1, max: 200 });
  fc.assert(fc.property(fc.array(entry), chunkSize, (entries, size) => {
    const lines = entries.map(({ row, column, count, blank, end, suffix }) =>
      `${row}${blank}${column}${blank}${count}${suffix}${end}`
    );
    const text = BANNER + `70000 300 ${entries.length}\n` + lines.join("");
    assertEquals(
      parse(text, size),
      entries.map(({ row, column, count }): Entry => [row, column, count]),
    );
  }));
});

Deno.test("MtxParser refuses or reads any bytes, and never hangs", () => {
  const letters = fc.constantFrom(..."0123456789 \n\r\t.-e%x");
  const noise = fc.array(letters, { maxLength: 60 });
  fc.assert(
    fc.property(noise, fc.integer({ min: 1, max: 70 }), (text, size) => {
      try {
        parse(BANNER + "9 9 2\n1 1 1\n" + text.join(""), size);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }),
  );
});
