import { assertEquals } from "@std/assert";
import {
  isWithin,
  realPath,
  relativePath,
  resolveWithin,
} from "../../src/io/paths.ts";
import { withTempFolder } from "../helpers.ts";

/** A folder with `study/raw`, and `link` that leads to `study`. */
function makeLinked(folder: string): void {
  Deno.mkdirSync(`${folder}/study/raw`, { recursive: true });
  Deno.symlinkSync("study", `${folder}/link`);
}

Deno.test("realPath() follows links, also above what is not there yet", () =>
  withTempFolder((temp) => {
    const folder = Deno.realPathSync(temp);
    makeLinked(folder);
    assertEquals(realPath(`${folder}/link/raw`), `${folder}/study/raw`);
    assertEquals(realPath(`${folder}/link/new/x`), `${folder}/study/new/x`);
    assertEquals(realPath(`${folder}/study/.`), `${folder}/study`);
  }));

Deno.test("isWithin() sees through links", () =>
  withTempFolder((folder) => {
    makeLinked(folder);
    assertEquals(isWithin(`${folder}/link/raw`, `${folder}/study`), true);
    assertEquals(isWithin(`${folder}/study/new`, `${folder}/link`), true);
    assertEquals(isWithin(`${folder}/study2`, `${folder}/study`), false);
    assertEquals(isWithin(`${folder}/study`, `${folder}/study`), true);
    assertEquals(isWithin(folder, `${folder}/study`), false);
  }));

Deno.test("relativePath() and resolveWithin() go by where folders are", () =>
  withTempFolder((temp) => {
    const folder = Deno.realPathSync(temp);
    makeLinked(folder);
    const path = relativePath(`${folder}/link/raw`, `${folder}/study/genes`);
    assertEquals(path, "../genes");
    const resolved = resolveWithin(`${folder}/link`, "../genes");
    assertEquals(resolved, `${folder}/genes`);
    assertEquals(resolveWithin(`${folder}/study`, "/a"), "/a");
    assertEquals(relativePath(folder, folder), ".");
  }));
