/** Helpers that many tests share. */

/**
 * Runs a function with the path of a new folder, which is removed afterwards.
 *
 * @param run The function.
 * @returns What it returns.
 */
export async function withTempFolder<T>(
  run: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = Deno.makeTempDirSync({ prefix: "metacell-test-" });
  try {
    return await run(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
