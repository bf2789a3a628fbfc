/** The folder of the real data: `../shared/data` beside the repository. */
const DATA = Deno.env.get("METACELL_TEST_DATA") ||
  decodeURI(new URL("../../shared/data", import.meta.url).pathname);

/**
 * Registers a test on real data, which is skipped where there are none.
 *
 * @param name The name of the test; it ends in `(real data)`.
 * @param run The test, which is given the path of the folder of the data.
 */
export function dataTest(
  name: string,
  run: (data: string) => void | Promise<void>,
): void {
  if (!name.endsWith(" (real data)")) {
    throw new Error(`Cannot add the test ${name}: it lacks "(real data)"`);
  }
  Deno.test({ name, ignore: !hasData(), fn: () => run(DATA) });
}

function hasData(): boolean {
  try {
    return Deno.statSync(DATA).isDirectory;
  } catch {
    return false;
  }
}
