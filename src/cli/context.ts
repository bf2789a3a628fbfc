import { Interrupt } from "./interrupt.ts";
import { Output, type WriteBytes } from "./output.ts";

/** What a command may touch of the world: so commands can be tested. */
export interface CommandContext {
  /** Data. */
  readonly stdout: Output;
  /** Everything else. */
  readonly stderr: Output;
  /** Whether notes are unwanted. */
  readonly quiet: boolean;
  /** How the program is started, for hints. */
  readonly program: string;
  /** Aborted when the user interrupts; who asks for it has to heed it. */
  readonly signal: AbortSignal;
  /** Whether the user interrupted. */
  readonly isInterrupted: boolean;
  /**
   * A variable of the environment, where it may be read.
   *
   * @param name The variable.
   * @returns Its value; undefined too where asking is not allowed.
   */
  environment(name: string): string | undefined;
}

/**
 * The context of a real process. It asks for no permission: what may not be
 * read counts as not set.
 *
 * @returns The context.
 */
export function systemContext(): CommandContext {
  const interrupt = new Interrupt();
  return {
    stdout: systemOutput(Deno.stdout),
    stderr: systemOutput(Deno.stderr),
    quiet: false,
    program: programName(),
    get signal() {
      return interrupt.signal;
    },
    get isInterrupted() {
      return interrupt.isInterrupted;
    },
    environment: readEnvironment,
  };
}

/**
 * Whether the terminal takes characters beyond ASCII: unless the locale or
 * the kind of terminal says otherwise.
 *
 * @param context Where to ask.
 * @returns True where it does.
 */
export function takesUnicode(context: CommandContext): boolean {
  const terminal = context.environment("TERM");
  if (terminal === "dumb" || terminal === "linux") return false;
  const locale = context.environment("LC_ALL") ||
    context.environment("LC_CTYPE") || context.environment("LANG");
  return !locale || /utf-?8/i.test(locale);
}

/**
 * Writes a line to stderr unless notes are unwanted.
 *
 * @param context Where to write.
 * @param text The line, without its end.
 */
export function note(context: CommandContext, text: string): void {
  if (!context.quiet) context.stderr.write(`${text}\n`);
}

/** What to type to start this program again. */
function programName(): string {
  if (Deno.build.standalone) return "metacell";
  const mayAsk =
    Deno.permissions.querySync({ name: "read" }).state === "granted";
  const isOfNode = mayAsk && Deno.execPath().includes("_npx");
  return isOfNode
    ? `npx -y deno@${Deno.version.deno} task cli`
    : "deno task cli";
}

function systemOutput(stream: typeof Deno.stdout): Output {
  const isTerminal = stream.isTerminal();
  const plain = Boolean(readEnvironment("NO_COLOR")) ||
    readEnvironment("TERM") === "dumb";
  return new Output(writeAll(stream), {
    isTerminal,
    hasColor: isTerminal && !plain,
    columns: isTerminal ? terminalColumns() : 80,
  });
}

function writeAll(stream: typeof Deno.stdout): WriteBytes {
  return (bytes) => {
    for (let start = 0; start < bytes.length;) {
      try {
        start += stream.writeSync(bytes.subarray(start));
      } catch (error) {
        // A pipe that another process made non-blocking is full: wait.
        if (!(error instanceof Deno.errors.WouldBlock)) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  };
}

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

function readEnvironment(name: string): string | undefined {
  const permission = Deno.permissions.querySync({
    name: "env",
    variable: name,
  });
  return permission.state === "granted" ? Deno.env.get(name) : undefined;
}
