import { assertEquals, assertThrows } from "@std/assert";
import { ScratchFile } from "../../src/io/scratch_file.ts";
import { withTempFolder } from "../helpers.ts";

Deno.test("ScratchFile keeps what is written anywhere, and is removed", async () => {
  await withTempFolder((folder) => {
    const path = `${folder}/x`;
    {
      using file = new ScratchFile(path);
      file.write(10, Uint8Array.of(3, 4));
      file.write(0, Uint8Array.of(1, 2));
      const target = new Uint8Array(12);
      file.read(0, target);
      assertEquals([...target], [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4]);
      assertThrows(
        () => file.read(11, new Uint8Array(2)),
        RangeError,
        `Cannot read ${path}: it ends at byte 12`,
      );
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("ScratchFile replaces nothing", async () => {
  await withTempFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/x`, "kept");
    assertThrows(
      () => new ScratchFile(`${folder}/x`),
      Error,
      "it exists already",
    );
    assertEquals(Deno.readTextFileSync(`${folder}/x`), "kept");
  });
});
