import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Zippable, zipSync } from "fflate";
import { ZipArchive } from "../../src/io/zip_archive.ts";
import { ZipTree } from "../../src/io/zip_tree.ts";
import { withTempFolder } from "../helpers.ts";

const TEXT = new TextEncoder().encode("a text, a text, a text, a text");
const DECODER = new TextDecoder();

function withZip(
  bytes: Uint8Array,
  use: (path: string) => void | Promise<void>,
): Promise<void> {
  return withTempFolder(async (folder) => {
    Deno.writeFileSync(`${folder}/file.zip`, bytes);
    await use(`${folder}/file.zip`);
  });
}

function makeZip(files: Zippable): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(zipSync(files));
}

/** The place of a signature, the last one. */
function placeOf(bytes: Uint8Array, signature: number): number {
  const view = new DataView(bytes.buffer);
  let at = bytes.length - 4;
  while (view.getUint32(at, true) !== signature) at--;
  return at;
}

const ENTRY = 0x02014b50;
const END = 0x06054b50;

Deno.test("ZipArchive reads files that are stored or deflated", () => {
  const zip = makeZip({
    "a/deflated": TEXT,
    "a/stored": [TEXT, { level: 0 }],
    "é": TEXT,
    empty: new Uint8Array(0),
    "a/folder/": new Uint8Array(0),
  });
  return withZip(zip, (path) => {
    using archive = ZipArchive.open(path);
    assertEquals(archive.names, ["a/deflated", "a/stored", "é", "empty"]);
    for (const name of ["a/deflated", "a/stored", "é"]) {
      assertEquals(archive.read(name), TEXT);
      assertEquals(
        DECODER.decode(archive.readRange(name, 2, 4)),
        "text",
      );
      assertEquals(archive.sizes(name)?.byteLength, TEXT.length);
      assertThrows(() => archive.readRange(name, 29, 2), RangeError, "30");
    }
    assertEquals(archive.read("empty"), new Uint8Array(0));
    assertEquals(archive.read("none"), undefined);
    assertThrows(() => archive.readRange("none", 0, 1), Error, "no such file");
    archive.close();
    archive.close();
    assertThrows(() => archive.read("é"), Error, "it is closed");
  });
});

Deno.test("ZipTree lists folders and adds up their bytes", () => {
  const zip = makeZip({
    "top/b/x": [TEXT, { level: 0 }],
    "top/b/y": [TEXT, { level: 0 }],
    "top/a": TEXT,
  });
  return withZip(zip, (path) => {
    using tree = new ZipTree(ZipArchive.open(path), "top");
    assertEquals(tree.keys(""), ["a", "b"]);
    assertEquals(tree.keys("b"), ["x", "y"]);
    assertEquals(tree.keys("c"), []);
    assertEquals(tree.storedBytes("b"), 60);
    assertEquals(tree.byteLength("b/x"), 30);
    assertEquals(tree.byteLength("b"), undefined);
    assertEquals(tree.read("b/y"), TEXT);
    assertEquals(tree.readRange("a", 0, 6).length, 6);
    tree.checkUnchanged();
    Deno.writeFileSync(path, zip.fill(0));
    assertThrows(() => tree.checkUnchanged(), Error, "it changed since");
  });
});

Deno.test("ZipArchive takes the last of several files of one name", () => {
  // What a program leaves that adds a file again.
  const zip = makeZip({ ab: TEXT, ac: TEXT.slice(0, 5) });
  for (let at = 0; at + 2 < zip.length; at++) {
    if (zip[at] === 97 && zip[at + 1] === 99) zip[at + 1] = 98;
  }
  return withZip(zip, (path) => {
    using archive = ZipArchive.open(path);
    assertEquals(archive.names, ["ab"]);
    assertEquals(archive.read("ab"), TEXT.slice(0, 5));
  });
});

Deno.test("ZipArchive reads files whose sizes take 64 bits", () => {
  const zip = makeZip({ name: [TEXT, { level: 0 }] });
  const entry = placeOf(zip, ENTRY);
  const end = placeOf(zip, END);
  const view = new DataView(zip.buffer);
  const offset = view.getUint32(entry + 42, true);
  const head = zip.slice(entry, end);
  const headView = new DataView(head.buffer);
  for (const at of [20, 24, 42]) headView.setUint32(at, 0xffffffff, true);
  headView.setUint16(30, 4 + 24, true);
  const extra = new DataView(new ArrayBuffer(28));
  extra.setUint16(0, 1, true);
  extra.setUint16(2, 24, true);
  extra.setBigUint64(4, BigInt(TEXT.length), true);
  extra.setBigUint64(12, BigInt(TEXT.length), true);
  extra.setBigUint64(20, BigInt(offset), true);
  const end64 = new DataView(new ArrayBuffer(56 + 20 + 22));
  end64.setUint32(0, 0x06064b50, true);
  end64.setBigUint64(32, 1n, true);
  end64.setBigUint64(40, BigInt(head.length + 28), true);
  end64.setBigUint64(48, BigInt(entry), true);
  end64.setUint32(56, 0x07064b50, true);
  end64.setBigUint64(64, BigInt(entry + head.length + 28), true);
  end64.setUint32(76, END, true);
  end64.setUint16(86, 0xffff, true);
  end64.setUint32(88, 0xffffffff, true);
  end64.setUint32(92, 0xffffffff, true);
  const parts = [
    zip.slice(0, entry),
    head,
    new Uint8Array(extra.buffer),
    new Uint8Array(end64.buffer),
  ];
  const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
  return withZip(whole, (path) => {
    using archive = ZipArchive.open(path);
    assertEquals(archive.read("name"), TEXT);
  });
});

const BAD_NAMES = [
  "../x",
  "a/../../x",
  "/etc/x",
  "c:x",
  "a\\..\\x",
  "a/./b",
  "a\0b",
];

Deno.test("ZipArchive.open() refuses names that lead out", async () => {
  for (const name of BAD_NAMES) {
    const zip = makeZip({ fine: TEXT, [name]: TEXT });
    await withZip(zip, (path) => {
      assertThrows(
        () => ZipArchive.open(path),
        Error,
        `Cannot read ${path}: its entry ${JSON.stringify(name)} leads out`,
      );
    });
  }
  const deep = makeZip({ [`${"a/".repeat(100)}b`]: TEXT });
  await withZip(deep, (path) => {
    assertThrows(() => ZipArchive.open(path), Error, "lead too deep");
  });
});

/** Changes of a list with one entry, and what is said of them. */
const LIES: readonly (readonly [number, number, string])[] = [
  [16, 1, "name: it is damaged: its checksum is wrong"],
  [24, 2 ** 31, "the sizes of its entry name are wrong"],
  [24, 29, "name: its deflate data hold more than 29 bytes"],
  [24, 31, "name: it has 30 bytes instead of 31"],
  [20, 2 ** 31, "the sizes of its entry name are wrong"],
  [42, 2 ** 31, "the sizes of its entry name are wrong"],
  [42, 5, "name: its header in the zip file is damaged"],
  [8, 1, "name: it is encrypted"],
  [10, 12, "name: it is packed by method 12"],
  [28, 0xffff, "entry 0 of its list is damaged"],
  [0, 0, "entry 0 of its list is damaged"],
];

Deno.test("ZipArchive refuses entries that lie", async () => {
  for (const [at, value, reason] of LIES) {
    const zip = makeZip({ name: TEXT });
    const view = new DataView(zip.buffer);
    const place = placeOf(zip, ENTRY) + at;
    // Flags, methods and lengths of names have two bytes, the others four.
    if ([8, 10, 28].includes(at)) view.setUint16(place, value, true);
    else view.setUint32(place, value, true);
    await withZip(zip, (path) => {
      const read = () => {
        using archive = ZipArchive.open(path);
        archive.read("name");
      };
      assertThrows(read, Error, `Cannot read ${path}: ${reason}`);
    });
  }
});

Deno.test("ZipArchive.open() refuses what is no zip file", async () => {
  const zip = makeZip({ name: TEXT });
  const end = placeOf(zip, END);
  const lost = zip.slice();
  new DataView(lost.buffer).setUint32(end + 16, 2 ** 31, true);
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [new Uint8Array(0), "it is no zip file, or cut off"],
    [TEXT, "it is no zip file, or cut off"],
    [zip.subarray(0, -1), "it is no zip file, or cut off"],
    [lost, "its list of entries is damaged"],
  ];
  for (const [bytes, reason] of cases) {
    await withZip(Uint8Array.from(bytes), (path) =>
      assertRejects(
        // deno-lint-ignore require-await
        async () => ZipArchive.open(path),
        Error,
        `Cannot read ${path}: ${reason}`,
      ).then(() => {}));
  }
});
