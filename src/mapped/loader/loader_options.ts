/** How a loader reads. */
import type { RowFormat, RowType } from "../rows.ts";

/** How a `Loader` reads. */
export interface LoaderOptions {
  /** How rows are laid out, dense by default. */
  readonly format?: RowFormat | undefined;
  /** The type of the values, by default that of the source. */
  readonly dtype?: RowType | undefined;
  /** How many workers read, 0 by default: then this thread does. */
  readonly workers?: number | undefined;
  /**
   * How many batches are read ahead, of all workers together: that is what
   * bounds the memory. By default 2 a worker, and none without workers.
   */
  readonly prefetch?: number | undefined;
  /**
   * Whether a batch is void when the next is asked for, so that its memory is
   * used again; false by default. It is faster by far for dense rows.
   */
  readonly reuse?: boolean | undefined;
  /** Stops the loader: the batch that is waited for rejects. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether this thread reads batches itself where that costs it less time
   * than to take them from workers, which is tried; true by default.
   */
  readonly readHere?: boolean | undefined;
  /**
   * How workers open a source that is no `MappedCollection`: the URL
   * of a module that exports `openRows`, and what that is given.
   */
  readonly opener?:
    | { readonly module: string | URL; readonly data?: unknown }
    | undefined;
  /**
   * Is told where workers can't be started and this thread reads instead;
   * `console.warn` by default.
   */
  readonly warn?: ((message: string) => void) | undefined;
}
