import { assert, assertEquals, assertThrows } from "@std/assert";
import { planWrite, type Step } from "../../src/arrays/_data_array_steps.ts";
import { categorize, type DataArray } from "../../src/arrays/data_array.ts";
import {
  dataArrayForm,
  listDataArrays,
  readDataArray,
  removeDataArray,
  writeDataArray,
} from "../../src/arrays/data_array_files.ts";
import { encodeName } from "../../src/arrays/names.ts";
import { writeNpy } from "../../src/arrays/npy.ts";
import { toDataArray } from "../../src/arrays/to_data_array.ts";
import { withFolder } from "./folders.ts";

const mask = new Uint8Array([0, 1, 0]);
/** An array of every form, and the endings of its files. */
const ARRAYS: readonly [DataArray, string[]][] = [
  [toDataArray(new Int8Array([1, 0, 1])), [".npy"]],
  [toDataArray(new Int8Array([1, 0, 1]), { mask }), [".mask.npy", ".npy"]],
  [toDataArray([true, null, false]), [".mask.npy", ".npy"]],
  [toDataArray(["x", "y\n", "z"]), [".txt"]],
  [toDataArray(["x", null, "z"]), [".mask.npy", ".txt"]],
  [categorize(["x", null, "z"]), [".categories.txt", ".npy"]],
  [categorize(["y", "y", "z"]), [".categories.txt", ".npy"]],
];

function filesOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("readDataArray() reads what writeDataArray() wrote", () =>
  withFolder((folder) => {
    for (const [array, endings] of ARRAYS) {
      writeDataArray(folder, "p.x", array);
      assertEquals(readDataArray(folder, "p.x"), array);
      assertEquals(filesOf(folder), endings.map((ending) => `p.x${ending}`));
      removeDataArray(folder, "p.x");
      assertEquals(filesOf(folder), []);
    }
  }));

Deno.test("writeDataArray() replaces an array of any form by any other", () =>
  withFolder((folder) => {
    for (const [old] of ARRAYS) {
      for (const [array, endings] of ARRAYS) {
        writeDataArray(folder, "p.x", old);
        writeDataArray(folder, "p.x", array);
        assertEquals(readDataArray(folder, "p.x"), array);
        assertEquals(filesOf(folder), endings.map((ending) => `p.x${ending}`));
      }
    }
  }));

Deno.test("writeDataArray() leaves the old array, the new one or none when killed", () =>
  withFolder((root) => {
    let count = 0;
    for (const [old] of ARRAYS) {
      for (const [array] of ARRAYS) {
        for (let done = 0, steps = 1; done <= steps; done++) {
          const folder = `${root}/${count++}`;
          Deno.mkdirSync(folder);
          run(planWrite(folder, "p.x", old));
          const plan = planWrite(folder, "p.x", array);
          steps = plan.length;
          run(plan.slice(0, done));
          checkOneOf(folder, done === 0 ? old : done < steps ? null : array);
          // What was left behind sticks to nothing that is written later.
          const [later, endings] = ARRAYS[count % ARRAYS.length]!;
          run(planWrite(folder, "p.x", later));
          assertEquals(readDataArray(folder, "p.x"), later);
          assertEquals(filesOf(folder), endings.map((end) => `p.x${end}`));
        }
      }
    }
    assert(count > 150);
  }));

/** As the writer does, without waiting for the disk. */
function run(steps: readonly Step[]): void {
  for (const { path, content } of steps) {
    if (content === undefined) Deno.removeSync(path);
    else Deno.writeFileSync(path, content);
  }
}

function checkOneOf(folder: string, wanted: DataArray | null): void {
  if (wanted !== null) {
    assertEquals(readDataArray(folder, "p.x"), wanted);
    return;
  }
  assertEquals(dataArrayForm(folder, "p.x"), undefined);
  assertEquals(listDataArrays(folder), []);
  assertThrows(
    () => readDataArray(folder, "p.x"),
    Error,
    "there is neither p.x.npy nor p.x.txt",
  );
}

Deno.test("writeDataArray() changes nothing when the array is wrong", () =>
  withFolder((folder) => {
    const old = toDataArray(["a"]);
    writeDataArray(folder, "p.x", old);
    const labels = categorize(["a"]);
    const wrong: DataArray[] = [
      { ...labels, codes: new Int8Array([1]) },
      { ...labels, categories: ["\ud800"] },
      { ...old, kind: "text", dtype: "string", values: ["\ud800"] },
      { kind: "number", dtype: "int8", values: new Int16Array(1) },
      {
        kind: "number",
        dtype: "int8",
        values: new Int8Array(1),
        mask: new Uint8Array(2),
      },
    ];
    for (const array of wrong) {
      assertThrows(() => writeDataArray(folder, "p.x", array));
      assertEquals(readDataArray(folder, "p.x"), old);
      assertEquals(filesOf(folder), ["p.x.txt"]);
    }
  }));

Deno.test("readDataArray() takes whether categories are ordered", () =>
  withFolder((folder) => {
    const labels = { ...categorize(["a", "b"]), ordered: true };
    writeDataArray(folder, "p.x", labels);
    assertEquals(readDataArray(folder, "p.x", { ordered: true }), labels);
  }));

Deno.test("readDataArray() refuses files that do not fit each other", async (t) => {
  const int8 = { dtype: "int8", data: new Int8Array([0, 1]) } as const;
  const table: [string, RegExp, (path: string) => void][] = [
    ["both forms", /there are both p\.x\.npy and p\.x\.txt$/, (path) => {
      writeNpy(`${path}.npy`, int8);
      Deno.writeTextFileSync(`${path}.txt`, "a\n");
    }],
    ["a mask of another length", /holds 1 of bool, not 2 of bool$/, (path) => {
      writeNpy(`${path}.npy`, int8);
      writeNpy(`${path}.mask.npy`, { dtype: "bool", data: new Uint8Array(1) });
    }],
    ["a mask that is no bool", /holds 2 of int8, not 2 of bool$/, (path) => {
      writeNpy(`${path}.npy`, int8);
      writeNpy(`${path}.mask.npy`, int8);
    }],
    ["a mask beside categories", /mask\.npy: categories say/, (path) => {
      writeNpy(`${path}.npy`, int8);
      writeNpy(`${path}.mask.npy`, { dtype: "bool", data: new Uint8Array(2) });
      Deno.writeTextFileSync(`${path}.categories.txt`, "a\nb\n");
    }],
    ["codes without a category", /the code at 1 is 1, there is 1/, (path) => {
      writeNpy(`${path}.npy`, int8);
      Deno.writeTextFileSync(`${path}.categories.txt`, "a\n");
    }],
    ["codes of another dtype", /int8, int16 or int32, not uint8$/, (path) => {
      writeNpy(`${path}.npy`, { dtype: "uint8", data: new Uint8Array(2) });
      Deno.writeTextFileSync(`${path}.categories.txt`, "a\n");
    }],
    ["a matrix", /p\.x\.npy: it has 2 axes, not 1$/, (path) => {
      writeNpy(`${path}.npy`, { ...int8, shape: [1, 2] });
    }],
    ["texts that have no end", /p\.x\.txt: line 1 has no end$/, (path) => {
      Deno.writeTextFileSync(`${path}.txt`, "a");
    }],
  ];
  for (const [name, message, write] of table) {
    await t.step(name, () =>
      withFolder((folder) => {
        write(`${folder}/p.x`);
        const error = assertThrows(() => readDataArray(folder, "p.x"), Error);
        assert(message.test(error.message), error.message);
        assert(error.message.startsWith("Cannot "), error.message);
      }));
  }
});

Deno.test("listDataArrays() lists arrays and nothing else", () =>
  withFolder((folder) => {
    writeDataArray(folder, "p.b", toDataArray(["x", null]));
    writeDataArray(folder, "p.a", categorize(["x"]));
    writeDataArray(folder, "gp.umis", toDataArray(new Uint32Array(2)));
    const awkward = [".hidden", "mask", "categories", "x.mask", "b.CATEGORIES"];
    for (const name of awkward) {
      const stem = `p.${encodeName(name)}`;
      const array = toDataArray([true, null]);
      writeDataArray(folder, stem, array);
      assertEquals(readDataArray(folder, stem), array);
    }
    const others = ["gp.umis.mmm", "README.txt", ".p.z.npy", "p.q x.npy"];
    for (const name of [...others, "p.z.mask.npy", "p.z.categories.txt"]) {
      Deno.writeTextFileSync(`${folder}/${name}`, "");
    }
    assertEquals(listDataArrays(folder), [
      { stem: "gp.umis", form: "npy" },
      { stem: "p..hidden", form: "npy" },
      { stem: "p.a", form: "categorical" },
      { stem: "p.b", form: "txt" },
      { stem: "p.b%2ECATEGORIES", form: "npy" },
      { stem: "p.categories", form: "npy" },
      { stem: "p.mask", form: "npy" },
      { stem: "p.x%2Emask", form: "npy" },
    ]);
  }));

Deno.test("writeDataArray() refuses stems that are none", () =>
  withFolder((folder) => {
    const stems = ["", "p", ".x", "p.", "p.a/b", "p.a b", "../x", "p.x.mask"];
    for (const stem of [...stems, "p.x.Categories"]) {
      for (const use of [writeDataArray, removeDataArray]) {
        assertThrows(
          () => use(folder, stem, toDataArray(["a"])),
          TypeError,
          "it is not a kind of data, a point and an encoded name",
        );
      }
    }
    assertEquals(filesOf(folder), []);
  }));
