const INTERRUPTED = 130;

/**
 * The interrupt from the keyboard as an abort signal, from when it is first
 * asked for. Until then, and so for commands that have nothing to clean up,
 * it ends the process as it does any other.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  #isListening = false;

  /** Aborted by the first interrupt; the second one ends the process. */
  get signal(): AbortSignal {
    if (!this.#isListening) {
      this.#isListening = true;
      Deno.addSignalListener("SIGINT", this.#handle);
      if (Deno.build.os !== "windows") {
        Deno.addSignalListener("SIGTERM", this.#handle);
      }
    }
    return this.#controller.signal;
  }

  /** Whether it came. */
  get isInterrupted(): boolean {
    return this.#controller.signal.aborted;
  }

  readonly #handle = (): void => {
    if (this.isInterrupted) Deno.exit(INTERRUPTED);
    this.#controller.abort(new DOMException("interrupted", "AbortError"));
  };
}
