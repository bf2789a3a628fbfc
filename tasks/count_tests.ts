/**
 * Sums up a test run for `.ci/run`: `count_tests.ts REPORT [FAILED_STEP…]`.
 *
 * Lists the skipped tests, and what each needs, which is what stands in the
 * parentheses that end its name. The last line has the counts.
 *
 * @module
 */

/** One test or step of a JUnit report. */
export interface TestCase {
  /** Its name, after those of the tests around it. */
  readonly name: string;
  /** The file that it is in. */
  readonly file: string;
  /** How it went. */
  readonly outcome: "passed" | "failed" | "skipped";
}

/** A test that needs this may only be skipped where there is no data. */
const REAL_DATA = "real data";

/**
 * Reads the report that `deno test --junit-path` writes.
 *
 * @param report The text of the report.
 * @returns The tests in it.
 */
export function readReport(report: string): TestCase[] {
  const cases = report.matchAll(
    /<testcase name="([^"]*)" classname="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs,
  );
  return Array.from(cases, ([, name, file, body]) => ({
    name: unescapeXml(name ?? ""),
    file: unescapeXml(file ?? ""),
    outcome: outcomeOf(body ?? ""),
  }));
}

/**
 * Says what a skipped test needs.
 *
 * @param name The name of the test.
 * @returns What stands in the parentheses at its end.
 */
export function neededBy(name: string): string {
  return name.match(/\(([^()]+)\)$/)?.[1] ?? "(its name does not say what)";
}

function outcomeOf(body: string): TestCase["outcome"] {
  if (/<(failure|error)\b/.test(body)) return "failed";
  return body.includes("<skipped") ? "skipped" : "passed";
}

function unescapeXml(text: string): string {
  const characters: Record<string, string> = {
    amp: "&",
    apos: "'",
    gt: ">",
    lt: "<",
    quot: '"',
  };
  return text.replace(/&(\w+);/g, (all, name) => characters[name] ?? all);
}

function hasData(): boolean {
  try {
    const folder = Deno.env.get("METACELL_TEST_DATA") || "../shared/data";
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
}

function count(cases: readonly TestCase[], outcome: TestCase["outcome"]) {
  return cases.filter((test) => test.outcome === outcome).length;
}

function sumUp(report: string, failedSteps: readonly string[]): boolean {
  const cases = readReport(report);
  const skipped = cases.filter(({ outcome }) => outcome === "skipped");
  for (const { name, file } of skipped) {
    console.log(`skipped: ${file}: ${name}: needs ${neededBy(name)}`);
  }
  const problems = failedSteps.map((step) => `failed: ${step}`);
  if (skipped.some(({ name }) => neededBy(name) === REAL_DATA) && hasData()) {
    problems.push("failed: the data is there, tests on it were skipped");
  }
  if (count(cases, "passed") === 0) problems.push("failed: no test passed");
  for (const problem of problems) console.log(problem);

  // What is wrong beside the tests shows in the counts too.
  const failed = count(cases, "failed") || problems.length;
  console.log(
    `${
      count(cases, "passed")
    } passed, ${failed} failed, ${skipped.length} skipped`,
  );
  return failed === 0;
}

if (import.meta.main) {
  const [path = "", ...failedSteps] = Deno.args;
  if (!sumUp(await Deno.readTextFile(path), failedSteps)) Deno.exitCode = 1;
}
