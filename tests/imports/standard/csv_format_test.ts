import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { CsvFormat } from "../../../src/imports/standard/csv_format.ts";
import { DirFormat } from "../../../src/imports/standard/dir_format.ts";
import type { YamlValue } from "../../../src/metadata/yaml_metadata.ts";
import { withTempFolder } from "../../helpers.ts";

Deno.test("new CsvFormat() has commas and a header unless it is said", () => {
  for (const data of [null, {}]) {
    const format = new CsvFormat("a.yaml", data);
    assertEquals(format.separator, ",");
    assertEquals(format.fieldNames, undefined);
    assertEquals(format.fieldTypes.size, 0);
    assertEquals(format.typeOf("__proto__"), "text");
  }
});

Deno.test("new CsvFormat() takes all that an entry says", () => {
  const format = new CsvFormat("a.yaml", {
    separator: "|",
    field_names: ["a", "b"],
    field_types: { a: "int", b: "str" },
  });
  assertEquals(format.separator, "|");
  assertEquals(format.fieldNames, ["a", "b"]);
  assertEquals([...format.fieldTypes], [["a", "int"], ["b", "text"]]);
});

const WRONG: readonly [YamlValue, string][] = [
  [7, "genes is 7, and not a dictionary"],
  [["a"], 'genes is ["a"], and not a dictionary'],
  [
    { seperator: "," },
    "genes.seperator is no key: there are separator, field_names, field_types",
  ],
  [
    { separator: "x" },
    'genes.separator is "x", and not one of ",", "\\t", ";", "|"',
  ],
  [{ field_names: [] }, "genes.field_names is [], and not a list of names"],
  [
    { field_names: ["a", 1] },
    'genes.field_names is ["a",1], and not a list of names',
  ],
  [{ field_names: ["a", "a"] }, 'genes.field_names has "a" twice'],
  [
    { field_types: "int" },
    'genes.field_types is "int", and not a dictionary of types',
  ],
  [
    { field_types: { a: "double" } },
    'genes.field_types.a is "double", and not one of ' +
    "text, str, int, float, bool",
  ],
];

Deno.test("new CsvFormat() says which key is wrong", () => {
  for (const [data, why] of WRONG) {
    const error = assertThrows(() =>
      new CsvFormat("a.yaml", data, { entry: "genes" })
    );
    assertInstanceOf(error, SyntaxError);
    assertEquals(error.message, `Cannot read a.yaml: ${why}`);
  }
});

Deno.test("new DirFormat() says what is wrong with a file", async () => {
  await withTempFolder((folder) => {
    const path = `${folder}/format.yaml`;
    const wrong: readonly [string, RegExp][] = [
      ["genes: {}\n", /: the key profiles is missing$/],
      [
        "genes:\nprofiles:\numis:\n",
        /: umis is no key: there are genes, profiles$/,
      ],
      ["genes:\nprofiles:\n  separator: x\n", /: profiles\.separator is "x"/],
      [
        "genes:\n  separator: [\nprofiles: }\n",
        /it is not YAML: .*line 3, column/,
      ],
      ["[]", /: it holds no keys$/],
    ];
    for (const [text, why] of wrong) {
      Deno.writeTextFileSync(path, text);
      const error = assertThrows(() => new DirFormat(path), SyntaxError);
      assertEquals(why.test(error.message), true, error.message);
      assertEquals(error.message.startsWith(`Cannot read ${path}: `), true);
      assertEquals(error.message.includes("\n"), false);
    }
    Deno.writeTextFileSync(path, "genes:\nprofiles:\n  separator: ';'\n");
    const format = new DirFormat(path);
    assertEquals(format.path, path);
    assertEquals(format.genes.separator, ",");
    assertEquals(format.profiles.separator, ";");
  });
});
