import { assertEquals } from "@std/assert";
import { neededBy, readReport } from "../../tasks/count_tests.ts";

Deno.test("readReport() reads tests, steps and examples", () => {
  const report = `<testsuites name="deno test" tests="4">
  <testsuite name="./tests/a_test.ts">
    <testcase name="x() passes" classname="./tests/a_test.ts" time="0.1">
    </testcase>
    <testcase name="x() fails &gt; one" classname="./tests/a_test.ts" time="0.1">
      <failure message="no">no</failure>
    </testcase>
    <testcase name="x() waits (real data)" classname="./tests/a_test.ts" time="0">
      <skipped/>
    </testcase>
  </testsuite>
  <testsuite name="./mod.ts#1-2.ts">
    <testcase name="mod.ts#1-2.ts" classname="./mod.ts#1-2.ts" time="0"/>
  </testsuite>
</testsuites>`;
  const file = "./tests/a_test.ts";
  assertEquals(readReport(report), [
    { name: "x() passes", file, outcome: "passed" },
    { name: "x() fails > one", file, outcome: "failed" },
    { name: "x() waits (real data)", file, outcome: "skipped" },
    { name: "mod.ts#1-2.ts", file: "./mod.ts#1-2.ts", outcome: "passed" },
  ]);
});

Deno.test("readReport() finds nothing in an empty report", () => {
  assertEquals(readReport(""), []);
});

Deno.test("neededBy() reads the end of the name", () => {
  assertEquals(neededBy("open() reads (all of) it (real data)"), "real data");
  assertEquals(neededBy("open() > v3 (scipy)"), "scipy");
});
