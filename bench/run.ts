/**
 * Runs the benchmarks one after the other, each in a process of its own:
 * `deno task bench`, or `deno task bench import_mtx` for one of them.
 *
 * @module
 */

/** The benchmarks, in the order in which they run. */
const BENCHMARKS = ["import_mtx", "open_containers"] as const;

async function runBenchmark(name: string): Promise<boolean> {
  console.log(`\n# ${name}\n`);
  const path = new URL(`./${name}.ts`, import.meta.url).pathname;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", path],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return success;
}

const unknown = Deno.args.filter((name) =>
  !BENCHMARKS.some((benchmark) => benchmark === name)
);
if (unknown.length > 0) {
  console.error(
    `error: Cannot run ${unknown.join(", ")}: there are ` +
      BENCHMARKS.join(", "),
  );
  Deno.exit(2);
}
for (const name of BENCHMARKS) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  if (!await runBenchmark(name)) Deno.exitCode = 1;
}
