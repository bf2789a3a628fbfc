import { assertEquals, assertThrows } from "@std/assert";
import { type Hdf5Functions, Hdf5Library } from "../../src/io/hdf5_library.ts";

/** A library that does nothing. */
function makeLibrary(): Hdf5Library {
  const functions = {
    FS: { open: () => {}, streams: [{}, {}, {}] },
    get_plugin_search_paths: () => [],
    ccall: () => functions._metacell_run!(),
  } as unknown as Hdf5Functions;
  return new Hdf5Library(functions, "");
}

Deno.test("Hdf5Library.call() goes on after errors, but not after a breakdown", () => {
  const library = makeLibrary();
  assertEquals(library.call(() => 7), 7);
  const fail = (error: Error) =>
    library.call(() => {
      throw error;
    });
  assertThrows(() => fail(new Error("of some kind")), Error, "of some kind");
  assertEquals(library.call(() => 7), 7);
  const breakdown = new WebAssembly.RuntimeError("memory access out of bounds");
  assertThrows(() => fail(breakdown), Error, "memory access out of bounds");
  assertThrows(
    () => library.call(() => 7),
    Error,
    "the HDF5 library broke down at a damaged file before",
  );
});
