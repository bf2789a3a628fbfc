/**
 * One import in a process of its own, for the benchmark: prints the seconds
 * that it took, without those of the process's start, and the peak memory.
 */
import { importBatch } from "../src/imports/import_batch.ts";
import { peakMemory } from "./processes.ts";

const [source = "", destination = ""] = Deno.args;
const start = performance.now();
const summary = source === ""
  ? undefined
  : await importBatch(source, destination);
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({
  seconds,
  peakBytes: peakMemory(),
  entriesCount: summary?.entriesCount,
  totalUmis: summary?.totalUmis,
}));
