// The kernels of the CPU engine.
export { entries, mappedEntries } from "./entries";
export { addMapped, encodeRow } from "./pairs";
export { sparse } from "./sparse";
export { addRows, widenRow } from "./sums";
export { mappedTotals, totals } from "./totals";
