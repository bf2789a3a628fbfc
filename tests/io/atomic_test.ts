import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  buildFileAtomically,
  buildFolderAtomically,
  findMovedAside,
  writeFileAtomically,
} from "../../src/io/atomic.ts";
import { withTempFolder } from "../helpers.ts";

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("writeFileAtomically() writes and replaces a file", () =>
  withTempFolder((folder) => {
    const path = `${folder}/text.txt`;
    writeFileAtomically(path, "old");
    writeFileAtomically(path, "new ✓");
    assertEquals(Deno.readTextFileSync(path), "new ✓");
    assertEquals(namesIn(folder), ["text.txt"]);
  }));

Deno.test("writeFileAtomically() leaves nothing where it can not", () =>
  withTempFolder((folder) => {
    Deno.mkdirSync(`${folder}/taken`);
    Deno.writeTextFileSync(`${folder}/taken/file`, "");
    const write = () => writeFileAtomically(`${folder}/taken`, "x");
    assertThrows(write, Error, `Cannot write ${folder}/taken: it is a folder`);
    assertEquals(namesIn(folder), ["taken"]);
    const nowhere = () => writeFileAtomically(`${folder}/no/file`, "x");
    assertThrows(nowhere, Error, "no such file or folder");
  }));

Deno.test({
  name: "writeFileAtomically() does not replace a pipe",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withTempFolder(async (folder) => {
      const path = `${folder}/pipe`;
      await new Deno.Command("mkfifo", { args: [path] }).output();
      const why = `Cannot write ${path}: it is a device or a pipe`;
      assertThrows(() => writeFileAtomically(path, "x"), Error, why);
      assert(Deno.statSync(path).isFifo);
      const build = () => buildFileAtomically(path, () => Promise.resolve());
      await assertRejects(build, Error, why);
    }),
});

Deno.test("buildFolderAtomically() moves a whole folder into place", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/new`;
    const result = await buildFolderAtomically(path, {}, (partial) => {
      assert(partial.startsWith(`${folder}/.new.`));
      assert(partial.endsWith(".partial"));
      Deno.writeTextFileSync(`${partial}/a`, "1");
      assertEquals(namesIn(folder).includes("new"), false);
      return Promise.resolve(7);
    });
    assertEquals(result, 7);
    assertEquals([namesIn(folder), namesIn(path)], [["new"], ["a"]]);
  }));

Deno.test("buildFolderAtomically() removes what a build that fails left", () =>
  withTempFolder(async (folder) => {
    const build = (partial: string) => {
      Deno.writeTextFileSync(`${partial}/a`, "1");
      return Promise.reject(new Error("it broke"));
    };
    await assertRejects(
      () => buildFolderAtomically(`${folder}/new`, {}, build),
      Error,
      "it broke",
    );
    assertEquals(namesIn(folder), []);
  }));

Deno.test("buildFolderAtomically() names the destination in errors", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/new`;
    const fail = (partial: string) =>
      Promise.reject(new Error(`Cannot use ${partial}/a: it is wrong`));
    const build = () => buildFolderAtomically(path, {}, fail);
    await assertRejects(build, Error, `Cannot use ${path}/a: it is wrong`);
  }));

Deno.test("buildFolderAtomically() says that a file is no folder", () =>
  withTempFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    const path = `${folder}/file/new`;
    await assertRejects(
      () => buildFolderAtomically(path, {}, () => Promise.resolve()),
      Error,
      `Cannot write ${path}: a part of the path is not a folder`,
    );
  }));

Deno.test("buildFolderAtomically() replaces only what it may", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/old`;
    Deno.mkdirSync(path);
    Deno.writeTextFileSync(`${path}/mine`, "1");
    const build = (partial: string) => {
      Deno.writeTextFileSync(`${partial}/theirs`, "2");
      return Promise.resolve();
    };
    await assertRejects(
      () => buildFolderAtomically(path, {}, build),
      Error,
      "exists already (`force` replaces it)",
    );
    await assertRejects(
      () => buildFolderAtomically(path, { force: true }, build),
      Error,
      "it is not a metacell folder",
    );
    assertEquals(namesIn(path), ["mine"]);
    const options = { force: true, isReplaceable: () => true };
    await buildFolderAtomically(path, options, build);
    assertEquals([namesIn(folder), namesIn(path)], [["old"], ["theirs"]]);
  }));

Deno.test("buildFolderAtomically() names a place by its own name", () =>
  withTempFolder(async (folder) => {
    const build = (partial: string) => {
      Deno.writeTextFileSync(`${partial}/a`, "1");
      return Promise.resolve();
    };
    await buildFolderAtomically(`${folder}/new/.`, {}, build);
    assertEquals([namesIn(folder), namesIn(`${folder}/new`)], [["new"], ["a"]]);
    Deno.symlinkSync("nowhere", `${folder}/dangling`);
    await assertRejects(
      () => buildFolderAtomically(`${folder}/dangling`, {}, build),
      Error,
      "it is a link that leads nowhere",
    );
  }));

Deno.test("buildFolderAtomically() puts back what was left aside", () =>
  withTempFolder(async (folder) => {
    const aside = `${folder}/.data.0123456789ab.old`;
    Deno.mkdirSync(aside);
    Deno.writeTextFileSync(`${aside}/a`, "1");
    assertEquals(findMovedAside(`${folder}/data`), aside);
    await assertRejects(
      () =>
        buildFolderAtomically(`${folder}/data`, {}, () => Promise.resolve()),
      Error,
      "it exists already",
    );
    assertEquals(namesIn(folder), ["data"]);
  }));
