import { describeSystemError } from "../io/system_errors.ts";

/** Writes all the bytes, or throws. */
export type WriteBytes = (bytes: Uint8Array) => void;

/** Where an output leads. */
export interface OutputOptions {
  /** Whether a person looks at it. */
  readonly isTerminal?: boolean;
  /** Whether colours are wanted. */
  readonly hasColor?: boolean;
  /** How many characters fit on a line. */
  readonly columns?: number;
}

/** Thrown where the reader of a pipe went away: the command ends quietly. */
export class OutputClosedError extends Error {
  /** Makes it. */
  constructor() {
    super("Cannot write: the reader of the output has gone");
    this.name = "OutputClosedError";
  }
}

const BUFFER_LENGTH = 1 << 16;

/** Buffered text and bytes to a terminal, a pipe or a file. */
export class Output {
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Whether colours are wanted. */
  readonly hasColor: boolean;
  /** How many characters fit on a line. */
  readonly columns: number;
  readonly #write: WriteBytes;
  readonly #encoder = new TextEncoder();
  #pending: string[] = [];
  #pendingLength = 0;

  /**
   * @param write Writes bytes to where the output leads.
   * @param options Where that is.
   */
  constructor(write: WriteBytes, options: OutputOptions = {}) {
    this.#write = write;
    this.isTerminal = options.isTerminal ?? false;
    this.hasColor = options.hasColor ?? false;
    this.columns = options.columns ?? 80;
  }

  /**
   * Writes text that came from data; a terminal is shielded from control
   * characters in it.
   *
   * @param text The text.
   */
  write(text: string): void {
    this.writeStyled(this.isTerminal ? escapeControls(text) : text);
  }

  /**
   * Writes text as it is, control characters too.
   *
   * @param text Text of our own.
   */
  writeStyled(text: string): void {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    if (this.#pendingLength >= BUFFER_LENGTH) this.flush();
  }

  /**
   * Writes bytes.
   *
   * @param bytes The bytes.
   */
  writeBytes(bytes: Uint8Array): void {
    this.flush();
    this.#deliver(bytes);
  }

  /** Hands on what is buffered. */
  flush(): void {
    if (this.#pendingLength === 0) return;
    const text = this.#pending.join("");
    this.#pending = [];
    this.#pendingLength = 0;
    this.#deliver(this.#encoder.encode(text));
  }

  #deliver(bytes: Uint8Array): void {
    try {
      this.#write(bytes);
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) {
        throw new OutputClosedError();
      }
      throw describeSystemError("write the output", error);
    }
  }
}

/**
 * Makes control characters visible: those that could move the cursor, change
 * the terminal, or turn the direction of writing.
 *
 * @param text Text from anywhere; tabs and newlines stay.
 * @returns Text that a terminal only shows.
 */
export function escapeControls(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex -- these are what must not pass
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g,
    (found) => {
      const code = found.charCodeAt(0);
      return code < 256
        ? `\\x${code.toString(16).padStart(2, "0")}`
        : `\\u${code.toString(16)}`;
    },
  );
}
