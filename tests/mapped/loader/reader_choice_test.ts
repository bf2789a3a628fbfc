import { assertEquals } from "@std/assert";
import { ReaderChoice } from "../../../src/mapped/loader/reader_choice.ts";

/** Which batches this thread reads, where they cost it what they cost. */
function choose(
  count: number,
  costs: { readonly here: number; readonly workers: number },
): boolean[] {
  const choice = new ReaderChoice();
  return Array.from({ length: count }, () => {
    const isHere = choice.next();
    choice.note(isHere, isHere ? costs.here : costs.workers, 10);
    return isHere;
  });
}

Deno.test("ReaderChoice tries both, and takes what costs less", () => {
  for (
    const [here, workers, isHere] of [[1, 2, true], [2, 1, false]] as const
  ) {
    const choices = choose(560, { here, workers });
    assertEquals(choices.slice(0, 24), new Array(24).fill(false));
    assertEquals(choices.slice(24, 48), new Array(24).fill(true));
    assertEquals(choices.slice(48), new Array(512).fill(isHere));
  }
});

Deno.test("ReaderChoice takes workers where they are faster by some", () => {
  assertEquals(choose(100, { here: 1.04, workers: 1 })[60], true);
  assertEquals(choose(100, { here: 1.06, workers: 1 })[60], false);
});

Deno.test("ReaderChoice tries the other again, ever more rarely", () => {
  const choices = choose(20_000, { here: 1, workers: 2 });
  const trials = [...choices.keys()]
    .filter((at) => at > 0 && !choices[at] && choices[at - 1]);
  assertEquals(trials, [560, 2632, 10_848]);
});

Deno.test("ReaderChoice ends a trial that is lost", () => {
  const choices = choose(2000, { here: 1, workers: 20 });
  const tried = [...choices.keys()].filter((at) => at > 24 && !choices[at]);
  assertEquals(tried, [560, 561, 562]);
  // Those that are slow at first have their chance.
  assertEquals(choose(2000, { here: 1, workers: 1.9 })[560 + 23], false);
});
