import { assertEquals } from "@std/assert";
import { codeLines, isInTree, readTree, ROOT, type TreeFile } from "./_tree.ts";

/** A file imports from its own folder of src/ and from those before it. */
const ORDER = [
  "io",
  "arrays",
  "metadata",
  "genes",
  "matrix",
  "compute",
  "profiles",
  "anndata",
  "imports",
  "exports",
  "mapped",
  "scale",
  "cli",
];

/** Packages that only some folders import; the others, any. */
const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  "@std/cli": ["cli"],
  "@std/yaml": ["metadata"],
  "h5wasm": ["io"],
  "h5wasm-plugins": ["io"],
  "zarrita": ["anndata"],
};

/** The rest has to run in a browser. */
const WITH_PLATFORM = /^src\/(io|cli)\//;

const sources = readTree("src/", ".ts");

Deno.test("every source file has a folder that the order names", () => {
  const strays = sources.filter(({ path }) => !ORDER.includes(folderOf(path)));
  assertEquals(strays.map(({ path }) => path), []);
});

Deno.test("imports go downward only", () => {
  assertEquals(sources.flatMap(upwardImports), []);
});

Deno.test("imports name files that exist", () => {
  const missing = sources.flatMap((file) =>
    localImports(file)
      .filter((path) => !isInTree(path))
      .map((path) => `${file.path} -> ${path}`)
  );
  assertEquals(missing, []);
});

Deno.test("packages are imported where they belong", () => {
  const strays = sources.flatMap((file) =>
    specifiersOf(file)
      .filter((specifier) => !specifier.startsWith("."))
      .filter((specifier) => !isAtHome(specifier, file))
      .map((specifier) => `${file.path} -> ${specifier}`)
  );
  assertEquals(strays, []);
});

Deno.test("only io and cli know the platform", () => {
  const strays = sources
    .filter(({ path }) => !WITH_PLATFORM.test(path))
    .filter(({ text }) =>
      codeLines(text).some((line) => /\bDeno\.|["']node:/.test(line))
    );
  assertEquals(strays.map(({ path }) => path), []);
});

function upwardImports(file: TreeFile): string[] {
  const own = ORDER.indexOf(folderOf(file.path));
  return localImports(file)
    .filter((path) => !path.startsWith("shaders/"))
    .filter((path) => {
      const other = ORDER.indexOf(folderOf(path));
      return other === -1 || other > own;
    })
    .map((path) => `${file.path} -> ${path}`);
}

function isAtHome(specifier: string, { path }: TreeFile): boolean {
  if (specifier.startsWith("node:")) return WITH_PLATFORM.test(path);
  if (specifier === "fast-check" || specifier === "@std/assert") return false;
  if (specifier.startsWith("@metacell/storage")) return false;
  const name = specifier.match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? specifier;
  return PACKAGE_HOMES[name]?.includes(folderOf(path)) ?? true;
}

function localImports(file: TreeFile): string[] {
  return specifiersOf(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => new URL(specifier, new URL(file.path, ROOT)).href)
    .map((url) =>
      url.startsWith(ROOT.href) ? url.slice(ROOT.href.length) : url
    );
}

function specifiersOf({ text }: TreeFile): string[] {
  const code = codeLines(text).join("\n");
  const statements = code.matchAll(
    /^(?:import|export)\b(?:[^;"']*?\bfrom)?\s*"([^"]+)"/gm,
  );
  const calls = code.matchAll(/\bimport\(\s*"([^"]+)"/g);
  const workers = code.matchAll(
    /\bnew URL\(\s*"([^"]+)",\s*import\.meta\.url/g,
  );
  return [...statements, ...calls, ...workers].map(([, found]) => found ?? "");
}

function folderOf(path: string): string {
  return path.match(/^src\/([^/]+)\/./)?.[1] ?? "";
}
