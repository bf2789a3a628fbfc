/**
 * Runs the benchmarks one after the other, each in a process of its own:
 * `deno task bench`, or `deno task bench kernels --cells 100k` for one of them
 * with options of its own.
 *
 * @module
 */

/** The benchmarks, in the order in which they run. */
const BENCHMARKS = [
  "import_mtx",
  "import_h5ad",
  "open_containers",
  "kernels",
  "jobs",
  "loader",
  "merge_parts",
  "workflow",
] as const;

async function runBenchmark(
  name: string,
  options: readonly string[],
): Promise<boolean> {
  console.log(`\n# ${name}\n`);
  const path = new URL(`./${name}.ts`, import.meta.url).pathname;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", path, ...options],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return success;
}

const firstOption = Deno.args.findIndex((arg) => arg.startsWith("-"));
const namesCount = firstOption < 0 ? Deno.args.length : firstOption;
const names = Deno.args.slice(0, namesCount);
const options = Deno.args.slice(namesCount);
const unknown = names.filter((name) =>
  !BENCHMARKS.some((benchmark) => benchmark === name)
);
if (unknown.length > 0) {
  console.error(
    `error: Cannot run ${unknown.join(", ")}: there are ` +
      BENCHMARKS.join(", "),
  );
  Deno.exit(2);
}
if (options.length > 0 && names.length !== 1) {
  console.error(`error: Cannot use ${options[0]}: name one benchmark`);
  Deno.exit(2);
}
for (const name of BENCHMARKS) {
  if (names.length > 0 && !names.includes(name)) continue;
  if (!await runBenchmark(name, options)) Deno.exitCode = 1;
}
