/** The workers of a loader. */
import { MappedCollection } from "../mapped_collection.ts";
import type { RowSource } from "../rows.ts";
import { hasFixedColumns, type SourceOpener, WorkerLane } from "./lanes.ts";
import type { LoaderOptions } from "./loader_options.ts";

/**
 * Starts workers, all of them or none.
 *
 * @param source What they read.
 * @param options How, and how many there are.
 * @param sparesCount How many batches they keep the memory of.
 * @returns The workers; none where threads can't be started, which is told.
 * @throws {Error} If one started, and could not open the source.
 */
export async function startWorkers(
  source: RowSource,
  { dtype, format, opener, warn = console.warn, workers = 0 }: LoaderOptions,
  sparesCount: number,
): Promise<readonly WorkerLane[]> {
  if (workers === 0) return [];
  const setup = {
    opener: openerOf(source, opener),
    sparesCount,
    isSpread: hasFixedColumns(source),
    dtype,
    format,
  };
  const starting = Array.from(
    { length: workers },
    () => WorkerLane.start(setup, source.length),
  );
  const settled = await Promise.allSettled(starting);
  const started = settled.filter((one) => one.status === "fulfilled")
    .map(({ value }) => value);
  const lanes = started.filter((one) => one instanceof WorkerLane);
  if (lanes.length === workers) return lanes;
  await Promise.all(lanes.map((lane) => lane.close()));
  const failed = settled.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  const problem = started.find((one) => typeof one === "string");
  warn(`No workers can be started, this thread reads alone: ${problem}`);
  return [];
}

function openerOf(
  source: RowSource,
  opener: LoaderOptions["opener"],
): SourceOpener {
  if (opener) return { module: String(opener.module), data: opener.data };
  if (source instanceof MappedCollection) {
    return { module: "", data: source.share() };
  }
  throw new TypeError(
    "Cannot start workers: the source is no MappedCollection, " +
      "and there is no opener of it",
  );
}
