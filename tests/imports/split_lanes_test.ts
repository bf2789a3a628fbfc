import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import {
  lanePattern,
  splitLanes,
  takeProfiles,
} from "../../src/imports/split_lanes.ts";

const HCA = [
  "MantonBM1_HiSeq_1-AAACCTGAGCAGGTCA-1",
  "MantonBM2_HiSeq_8-AAACCTGAGCAGGTCA-1",
  "MantonBM1_HiSeq_1-AAACCTGCACACTGCG-1",
];

function split(
  barcodes: readonly string[],
  pattern: string | RegExp,
  columns = {},
): ReturnType<typeof splitLanes> {
  const profiles = { count: barcodes.length, barcodes, columns };
  return splitLanes({ path: "SOURCE", profiles }, lanePattern(pattern));
}

Deno.test("splitLanes() knows the barcodes of the Human Cell Atlas", () => {
  const { lanes, laneOfProfile, profiles } = split(HCA, "hca");
  assertEquals(lanes, [
    { name: "MantonBM1_HiSeq_1", profiles: Uint32Array.of(0, 2) },
    { name: "MantonBM2_HiSeq_8", profiles: Uint32Array.of(1) },
  ]);
  assertEquals([...laneOfProfile], [0, 1, 0]);
  assertEquals(profiles, {
    count: 3,
    barcodes: [
      "AAACCTGAGCAGGTCA-1",
      "AAACCTGAGCAGGTCA-1",
      "AAACCTGCACACTGCG-1",
    ],
    columns: { donor: toDataArray(["MantonBM1", "MantonBM2", "MantonBM1"]) },
  });
});

Deno.test("splitLanes() takes the first group, and keeps the barcode whole", () => {
  const { lanes, profiles } = split(
    ["x.AA", "y.AC", "x.AG"],
    "^([^.]+)\\.(.+)",
  );
  assertEquals(lanes.map(({ name }) => name), ["x", "y"]);
  assertEquals(profiles.barcodes, ["x.AA", "y.AC", "x.AG"]);
  assertEquals(profiles.columns, {});
});

Deno.test("splitLanes() takes a group named lane wherever it is", () => {
  const { lanes, profiles } = split(
    ["AA-1", "AC-2"],
    /(?<cell>\w+)-(?<lane>\d)/g,
  );
  assertEquals(lanes.map(({ name }) => name), ["1", "2"]);
  assertEquals(Object.keys(profiles.columns), ["cell"]);
});

Deno.test("splitLanes() says which values a group does not have", () => {
  const { profiles } = split(["a1", "a"], "(?<lane>a)(?<part>\\d)?");
  const mask = Uint8Array.of(0, 1);
  assertEquals(profiles.columns["part"], toDataArray(["1", ""], { mask }));
});

Deno.test("splitLanes() keeps names with a meaning apart", () => {
  const { profiles } = split(["a1"], "(?<lane>a)(?<total_umis>1)");
  assertEquals(Object.keys(profiles.columns), ["source_total_umis"]);
});

/** What is wrong, and what is said of it. */
const WRONG: readonly (readonly [readonly string[], string, string])[] = [
  [
    ["a-1", "b", "c"],
    "^([a-z])-",
    'Cannot split SOURCE by lanes: 2 of its 3 barcodes do not match the pattern "^([a-z])-": "b", "c"',
  ],
  [
    Array.from({ length: 7 }, (_, at) => `b\n${at}`),
    "^(a)",
    "Cannot split SOURCE by lanes: 7 of its 7 barcodes do not match the " +
    'pattern "^(a)": "b\\n0", "b\\n1", "b\\n2", "b\\n3", "b\\n4" and 2 more',
  ],
  [
    ["a", "-1"],
    "^([a-z]?)",
    'Cannot split SOURCE by lanes: 1 of its 2 barcodes does not match the pattern "^([a-z]?)": "-1"',
  ],
  [
    ["a-"],
    "^(?<lane>a)-(?<barcode>.*)",
    'Cannot split SOURCE by lanes: 1 of its 1 barcode does not match the pattern "^(?<lane>a)-(?<barcode>.*)": "a-"',
  ],
  [
    ["../x-A"],
    "^(.+)-",
    'Cannot import SOURCE: "../x" can not be the name of a lane: it is a path',
  ],
  [
    ["genes-A"],
    "^(.+)-",
    'Cannot import SOURCE: "genes" can not be the name of a lane: ' +
    "the folder of that name is for other things",
  ],
  [
    ["part-0001-A"],
    "^(.+)-",
    'Cannot import SOURCE: "part-0001" can not be the name of a lane: ' +
    "it is that of a part of a batch that was split",
  ],
  [
    ["a-A", "A-A"],
    "^(.+)-",
    "Cannot import SOURCE: the lanes a and A differ only by case",
  ],
  [
    Array.from({ length: 1001 }, (_, at) => `${at}`),
    "^(.+)$",
    'Cannot split SOURCE by lanes: the pattern "^(.+)$" finds more than 1000 ' +
    "lanes; is a part of the barcode in the group of the lane",
  ],
];

for (const [barcodes, pattern, why] of WRONG) {
  Deno.test(`splitLanes() refuses ${barcodes[0]} by ${pattern}`, () => {
    const { message } = assertThrows(() => split(barcodes, pattern), Error);
    assertEquals(message, why);
  });
}

Deno.test("splitLanes() refuses a group that is named as data are", () => {
  const columns = { Donor: toDataArray(["x"]) };
  assertThrows(
    () => split(["a1"], "(?<lane>a)(?<donor>1)", columns),
    Error,
    "Cannot split SOURCE by lanes: its profiles have data named Donor, " +
      "so no group can be named donor",
  );
});

Deno.test("splitLanes() needs barcodes", () => {
  const profiles = { count: 1, columns: {} };
  assertThrows(
    () => splitLanes({ path: "SOURCE", profiles }, /(a)/),
    Error,
    "Cannot split SOURCE by lanes: it has no barcodes",
  );
});

Deno.test("lanePattern() refuses what finds no lane", () => {
  assertThrows(() => lanePattern("(a"), SyntaxError, "no regular expression");
  assertThrows(() => lanePattern("a+"), SyntaxError, "it has no group");
  assertThrows(() => lanePattern(/(?:a)/y), SyntaxError, "it has no group");
  const pattern = /(a)/;
  assertStrictEquals(lanePattern(pattern), pattern);
});

Deno.test("takeProfiles() takes all that is known of some profiles", () => {
  const columns = { stage: toDataArray(Int8Array.of(5, 6, 7)) };
  const profiles = { count: 3, barcodes: ["a", "b", "c"], columns };
  assertEquals(takeProfiles(profiles, Uint32Array.of(2, 0)), {
    count: 2,
    barcodes: ["c", "a"],
    columns: { stage: toDataArray(Int8Array.of(7, 5)) },
  });
  const { barcodes: _, ...nameless } = profiles;
  assertEquals(
    Object.keys(takeProfiles(nameless, Uint32Array.of(1))).sort(),
    ["columns", "count"],
  );
});
