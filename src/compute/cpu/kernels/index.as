// The kernels of the CPU engine.
export { entries, mappedEntries } from "./entries";
export { addRows, widenRow } from "./sums";
export { mappedTotals, totals } from "./totals";
