/** Programs in Debian's Python, for tests of what others read. */
import { assert } from "@std/assert";

const PYTHON = "/usr/bin/python3";

/**
 * Registers a test that needs modules of Python, which is skipped where they
 * are not.
 *
 * @param name The name of the test; it ends in the module in parentheses.
 * @param run The test.
 */
export function pythonTest(name: string, run: () => Promise<void>): void {
  const [, module] = /\((\w+)\)$/.exec(name) ?? [];
  if (module === undefined) {
    throw new Error(`Cannot add the test ${name}: it names no module`);
  }
  const ignore = !hasModule(module);
  if (ignore) console.warn(`Skipping: ${PYTHON} has no ${module}`);
  Deno.test({ name, ignore, fn: run });
}

/**
 * Runs a program that prints JSON.
 *
 * @param script The program.
 * @param parameters What it finds in `sys.argv`.
 * @returns What it printed.
 */
export async function runPython(
  script: string,
  ...parameters: readonly string[]
): Promise<unknown> {
  const { success, stdout, stderr } = await new Deno.Command(PYTHON, {
    args: ["-c", script, ...parameters],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const found = new Map<string, boolean>();

/** To import the module itself takes seconds. */
function hasModule(module: string): boolean {
  const known = found.get(module);
  if (known !== undefined) return known;
  let isThere = false;
  try {
    isThere = new Deno.Command(PYTHON, {
      args: [
        "-c",
        `from importlib.util import find_spec; assert find_spec("${module}")`,
      ],
      stderr: "null",
    }).outputSync().success;
  } catch {
    // There is no Python.
  }
  found.set(module, isThere);
  return isThere;
}
