import { assertEquals, assertThrows } from "@std/assert";
import {
  dumpYaml,
  loadYaml,
  YamlMetadata,
} from "../../src/metadata/yaml_metadata.ts";
import { GenesMetadata } from "../../src/genes/genes_metadata.ts";
import { ProfilesMetadata } from "../../src/profiles/profiles_metadata.ts";
import { ProfilesBatchMetadata } from "../../src/profiles/profiles_batch_metadata.ts";
import { withTempFolder } from "../helpers.ts";

const UUID = "90015098-3cd2-4fb0-d696-3f7d28e17f72";

Deno.test("YamlMetadata.load() names the file and the key that is wrong", () =>
  withTempFolder((folder) => {
    const path = `${folder}/genes.yaml`;
    const cases: [string, string][] = [
      [`organism: human\ngenes_count: 3`, "the key uuid is missing"],
      [`uuid: ${UUID}\ngenes_count: 3`, "the key organism is missing"],
      [
        `uuid: ${UUID}\norganism: 5\ngenes_count: 3`,
        "the value of organism is not a text: 5",
      ],
      [
        `uuid: ${UUID}\norganism: human\ngenes_count: many`,
        'the value of genes_count is not a count: "many"',
      ],
      [
        `uuid: ${UUID}\norganism: human\ngenes_count: -1`,
        "the value of genes_count is not a count: -1",
      ],
      ["- a", "it holds no keys"],
      ["", "it holds no keys"],
      ["a: [", "it is not YAML"],
    ];
    for (const [text, message] of cases) {
      Deno.writeTextFileSync(path, text);
      assertThrows(
        () => GenesMetadata.load(path),
        SyntaxError,
        `Cannot read ${path}: ${message}`,
      );
    }
  }));

Deno.test("YamlMetadata.load() refuses text that is not UTF-8", () =>
  withTempFolder((folder) => {
    Deno.writeFileSync(`${folder}/a.yaml`, new Uint8Array([97, 0xff, 10]));
    assertThrows(() => loadYaml(`${folder}/a.yaml`), SyntaxError, "not UTF-8");
  }));

Deno.test("YamlMetadata.dump() keeps keys that nobody knows", () =>
  withTempFolder((folder) => {
    const path = `${folder}/genes.yaml`;
    const text = `uuid: ${UUID}\norganism: human\ngenes_count: 3\n` +
      "note: {by: [me, 2]}\ndate: 2026-11-21\n";
    Deno.writeTextFileSync(path, text);
    GenesMetadata.load(path).dump(undefined, { organism: "mouse" });
    const metadata = GenesMetadata.load(path);
    assertEquals([metadata.organism, metadata.genesCount], ["mouse", 3]);
    assertEquals(metadata.value("note"), { by: ["me", 2] });
    assertEquals(metadata.value("date"), "2026-11-21");
  }));

Deno.test("YamlMetadata.asDictionary() leaves removed keys out", () => {
  const metadata = new YamlMetadata("some/a.yaml", { uuid: UUID, path: "x" });
  assertEquals(metadata.asDictionary({ a: 1, b: undefined }), {
    uuid: UUID,
    a: 1,
  });
  assertEquals(metadata.path, "some");
  assertEquals(metadata.yamlPath, "some/a.yaml");
});

Deno.test("dumpYaml() keeps texts that look like numbers", () =>
  withTempFolder((folder) => {
    const dictionary = { a: "1", b: "true", c: "1e5", d: 5, e: "ü: x" };
    dumpYaml(`${folder}/a.yaml`, dictionary);
    assertEquals(loadYaml(`${folder}/a.yaml`), dictionary);
  }));

Deno.test("ProfilesMetadata.load() detects a batch", () =>
  withTempFolder((folder) => {
    const path = `${folder}/profiles.yaml`;
    dumpYaml(path, {
      uuid: UUID,
      organism: "human",
      genes_uuid: UUID,
      genes_count: 3,
      profiles_kind: "cells",
      profiles_count: 2,
      ordered: ["p.stage"],
    });
    const metadata = ProfilesMetadata.load(path);
    assertEquals(metadata.constructor, ProfilesBatchMetadata);
    assertEquals(metadata.profilesCount, 2);
    assertEquals(metadata.ordered, ["p.stage"]);
    assertEquals(metadata.entriesCount, undefined);
    assertThrows(
      () => new ProfilesBatchMetadata(path, { uuid: UUID }),
      SyntaxError,
      "the key organism is missing",
    );
  }));
