/** The programs that the kernels' benchmark compares, each a process. */
import type { KernelAnswer, KernelRequest } from "./kernel_jobs.ts";
import {
  benchPath,
  canRun,
  hasPython,
  PYTHON,
  runProgram,
} from "./processes.ts";

/** What programs are started with. */
export interface ProgramOptions {
  /** The folder of the matrix. */
  readonly folder: string;
  /** The device that ours compute on. */
  readonly device: string;
  /** The most threads. */
  readonly threads: number;
}

/** A program that can be compared. */
interface ProgramKind {
  /** What says that it is not there, undefined where it is. */
  readonly whyNot: () => Promise<string | undefined>;
  /** The command line. */
  readonly command: (options: ProgramOptions) => Promise<readonly string[]>;
}

/** The programs by name; this module is `ours`. */
export const PROGRAMS = {
  ours: {
    whyNot: () => Promise.resolve(undefined),
    command: ({ folder, device }) =>
      Promise.resolve(denoCommand("kernels_ours.ts", folder, device)),
  },
  C: {
    whyNot: async () =>
      await canRun("gcc", ["--version"]) ? undefined : "there is no gcc",
    command: async ({ folder }) => [await buildC(folder), folder],
  },
  scipy: {
    whyNot: () => whyNoPython("scipy.sparse"),
    command: ({ folder }) => Promise.resolve(pythonCommand(folder, "scipy")),
  },
  anndata: {
    whyNot: () => whyNoPython("scipy.sparse", "anndata"),
    command: ({ folder }) => Promise.resolve(pythonCommand(folder, "anndata")),
  },
  "scran.js": {
    whyNot: () => Promise.resolve(undefined),
    command: ({ folder, threads }) =>
      Promise.resolve(denoCommand("kernels_scran.ts", folder, `${threads}`)),
  },
} as const satisfies Readonly<Record<string, ProgramKind>>;

/** The name of a program. */
export type ProgramName = keyof typeof PROGRAMS;

/** A program that runs, and does jobs when asked. */
export class KernelProgram implements AsyncDisposable {
  /** Its name. */
  readonly name: ProgramName;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(
    name: ProgramName,
    [program, ...args]: readonly string[],
  ) {
    this.name = name;
    this.#process = new Deno.Command(program!, {
      args,
      stdin: "piped",
      stdout: "piped",
      env: { PYTHONDONTWRITEBYTECODE: "1", OMP_NUM_THREADS: "1" },
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#output = this.#process.stdout
      .pipeThrough(new TextDecoderStream()).getReader();
  }

  /**
   * Starts a program.
   *
   * @param name Its name.
   * @param options The folder of the matrix, and so on.
   * @returns The program, or undefined with a message where it is not there.
   */
  static async start(
    name: ProgramName,
    options: ProgramOptions,
  ): Promise<KernelProgram | undefined> {
    const kind: ProgramKind = PROGRAMS[name];
    const why = await kind.whyNot();
    if (why === undefined) {
      return new KernelProgram(name, await kind.command(options));
    }
    console.error(`without ${name}: ${why}`);
    return undefined;
  }

  /**
   * Lets the program do a job once.
   *
   * @param request The job.
   * @returns What it answers; one that has died refuses.
   */
  async ask({ job, threads }: KernelRequest): Promise<KernelAnswer> {
    try {
      const line = new TextEncoder().encode(`${job} ${threads}\n`);
      await this.#input.write(line);
      while (!this.#text.includes("\n")) {
        const { value, done } = await this.#output.read();
        if (done) return { refusal: "it has ended" };
        this.#text += value;
      }
    } catch {
      return { refusal: "it has ended" };
    }
    const end = this.#text.indexOf("\n");
    const answer = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return JSON.parse(answer);
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#output.cancel().catch(() => {});
    // Threads of a library can keep a process alive that has nothing to do.
    const patience = setTimeout(() => this.#process.kill(), 2000);
    await this.#process.status;
    clearTimeout(patience);
  }
}

function denoCommand(script: string, ...args: string[]): string[] {
  return [Deno.execPath(), "run", "-A", benchPath(script), ...args];
}

function pythonCommand(folder: string, which: string): string[] {
  return [PYTHON, benchPath("kernels_scipy.py"), folder, which];
}

async function whyNoPython(...modules: string[]): Promise<string | undefined> {
  if (await hasPython(...modules)) return undefined;
  return `${PYTHON} has not ${modules.join(" and ")}`;
}

async function buildC(folder: string): Promise<string> {
  const options = ["-O3", "-march=native", "-pthread"];
  const program = `${folder}/kernels`;
  await runProgram("gcc", [...options, "-o", program, benchPath("kernels.c")]);
  return program;
}
