/**
 * The types that browsers have instead of Deno's: `@webgpu/types` is what the
 * standard says of WebGPU, of which Deno knows its own part.
 */
import { assert } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { withTempFolder } from "../helpers.ts";
import { ROOT } from "./_tree.ts";

/** `deno.ns` is for `src/io/`, where `Deno` is asked what it allows. */
const LIBRARIES = ["esnext", "dom", "dom.iterable", "dom.asynciterable"];

Deno.test("mod.ts fits the types of a browser, WebGPU as it is specified", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/deno.json`;
    const { links: own = [] }: { links?: string[] } = config;
    const links = own.map((link) => new URL(link, ROOT).pathname);
    const compilerOptions = {
      ...config.compilerOptions,
      lib: [...LIBRARIES, "deno.ns"],
      types: ["@webgpu/types"],
    };
    const imports = {
      ...config.imports,
      "@metacell/storage": new URL("mod.ts", ROOT).href,
    };
    const browser = { imports, links, compilerOptions, lock: false };
    Deno.writeTextFileSync(path, JSON.stringify(browser));
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", `--config=${path}`, "mod.ts"],
      cwd: ROOT,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  }));
