import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { compileArguments, PERMISSIONS } from "../../tasks/compile.ts";
import { readTree, ROOT } from "./_tree.ts";

const NPM_FOLDER = ".deno_compile_node_modules";

/** What a binary holds: the folders of the program, and packages of npm. */
const EMBEDDED = [
  "cli.ts",
  "npm:@zarrita",
  "npm:argparse",
  "npm:esprima",
  "npm:fflate",
  "npm:h5wasm",
  "npm:h5wasm-plugins",
  "npm:js-yaml",
  "npm:minimist",
  "npm:numcodecs",
  "npm:reference-spec-reader",
  "npm:sprintf-js",
  "npm:unzipit",
  "npm:zarrita",
  "offline/cli",
  "offline/yaml",
  "shaders",
  "src/anndata",
  "src/arrays",
  "src/cli",
  "src/compute",
  "src/exports",
  "src/genes",
  "src/imports",
  "src/io",
  "src/matrix",
  "src/metadata",
  "src/profiles",
  "src/scale",
];

Deno.test("compileArguments() embeds the program and nothing else", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const listing = await compile(`${folder}/metacell`);
    const places = new Set(embeddedFiles(listing).map(placeOf));
    assertEquals([...places].sort(), EMBEDDED);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("PERMISSIONS are those of the tasks that run the source", () => {
  const { cli, demo } = config.tasks;
  for (const { command } of [cli, demo]) {
    assertStringIncludes(command, `deno run ${PERMISSIONS.join(" ")} cli.ts`);
  }
});

async function compile(output: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: compileArguments(output),
    cwd: ROOT,
    // Any executable in the place of the runtime shows what is embedded.
    env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  return decoder.decode(stdout) + decoder.decode(stderr);
}

/** The paths in the tree that `deno compile` draws. */
function embeddedFiles(listing: string): string[] {
  const folders: string[] = [];
  const files: string[] = [];
  const nodes = listing.matchAll(/^([│ ]*)[├└]─([┬─]) (.+?) \([^)]*\)$/gm);
  for (const [, indent = "", branch, name = ""] of nodes) {
    folders.length = indent.length / 2;
    folders.push(name);
    if (branch === "─") files.push(folders.join("/"));
  }
  return files.flatMap(expandFolder);
}

/** A folder that is embedded as a whole is drawn as one line. */
function expandFolder(path: string): string[] {
  if (!path.endsWith("/*") || path.startsWith(NPM_FOLDER)) return [path];
  return readTree(path.slice(0, -1)).map((file) => file.path);
}

function placeOf(file: string): string {
  const segments = file.split("/");
  if (segments[0] === NPM_FOLDER) return `npm:${segments[2]}`;
  if (segments[0] === "shaders") return "shaders";
  return segments.slice(0, 2).join("/");
}
