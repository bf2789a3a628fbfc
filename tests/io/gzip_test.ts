import { assert, assertEquals, assertRejects } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { gzip, GzipFile } from "../../src/io/gzip.ts";
import { withTempFolder } from "../helpers.ts";

Deno.test("GzipFile writes what gzip() makes, piece by piece", () =>
  withTempFolder(async (folder) => {
    for (const length of [0, 1, 1000, 300_000]) {
      const content = Uint8Array.from(
        { length },
        (_, at) => (at * at * 31) >> 7,
      );
      const path = `${folder}/${length}.gz`;
      const file = GzipFile.create(path);
      const piece = new Uint8Array(70_000); // used again and again
      for (let start = 0; start < length; start += piece.length) {
        const part = content.subarray(start, start + piece.length);
        piece.set(part);
        await file.write(piece.subarray(0, part.length));
      }
      await file.finish();
      const bytes = Deno.readFileSync(path);
      assertEquals(new Uint8Array(gunzipSync(bytes)), content);
      assertEquals(bytes.subarray(0, 10), gzip(content).subarray(0, 10));
    }
  }));

Deno.test("GzipFile.abort() removes the file", () =>
  withTempFolder(async (folder) => {
    const file = GzipFile.create(`${folder}/a.gz`);
    await file.write(new Uint8Array(1000));
    file.abort();
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("GzipFile says that a file is there already", () =>
  withTempFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/a.gz`, "mine");
    await assertRejects(
      // deno-lint-ignore require-await
      async () => GzipFile.create(`${folder}/a.gz`),
      Error,
      "it exists already",
    );
    assert(Deno.readTextFileSync(`${folder}/a.gz`) === "mine");
  }));
