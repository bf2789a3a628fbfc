import { assertEquals, assertRejects } from "@std/assert";
import { openNodeStore } from "../../src/anndata/open_store.ts";
import { withTempFolder } from "../helpers.ts";
import { storeBytes, unzipTo } from "./_stores.ts";

Deno.test("openNodeStore() tells stores by their content", () =>
  withTempFolder(async (folder) => {
    unzipTo(storeBytes("v2"), `${folder}/a.h5ad`);
    Deno.writeFileSync(`${folder}/b`, storeBytes("v3"));
    Deno.writeFileSync(`${folder}/c.zarr`, storeBytes("h5"));
    const formats = [];
    for (const name of ["a.h5ad", "b", "c.zarr"]) {
      using store = await openNodeStore(`${folder}/${name}`);
      formats.push(store.format);
    }
    assertEquals(formats, ["zarr v2", "zarr v3", "HDF5"]);
  }));

Deno.test("openNodeStore() finds HDF5 behind something else", () =>
  withTempFolder(async (folder) => {
    const bytes = storeBytes("latest");
    for (const skipped of [512, 2048]) {
      const path = `${folder}/${skipped}.h5`;
      const shifted = new Uint8Array(skipped + bytes.length);
      shifted.set(bytes, skipped);
      Deno.writeFileSync(path, shifted);
      using store = await openNodeStore(path);
      const grid = await store.root.get("grid");
      assertEquals(grid?.kind, "array");
      if (grid?.kind !== "array") continue;
      assertEquals((await grid.readNumbers(0, 1))[1], 993);
    }
  }));

Deno.test("openNodeStore() refuses all else", () =>
  withTempFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/text`, "PKx\nHDF");
    Deno.writeTextFileSync(`${folder}/empty`, "");
    Deno.mkdirSync(`${folder}/folder`);
    const neither = "it is neither an HDF5 file, " +
      "nor a zarr folder, nor a zip file of one";
    const reasons = {
      text: neither,
      empty: neither,
      folder: "it has no zarr.json, .zgroup, .zmetadata",
      none: "there is no such file or folder",
    };
    for (const [name, reason] of Object.entries(reasons)) {
      await assertRejects(
        () => openNodeStore(`${folder}/${name}`),
        Error,
        reason,
      );
    }
  }));
