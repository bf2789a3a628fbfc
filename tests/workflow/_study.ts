/** A study that the workflow imports, and what it must come to. */
import { findProgram } from "./_slurm.ts";

/** The root of the repository. */
export const ROOT: string = decodeURI(
  new URL("../..", import.meta.url).pathname,
).replace(/\/$/, "");

const GENES = 40;
const CELLS = 60;
const NAMES = ["a", "b", "c", "d"];

/** Whether Snakemake is installed, of the version that the profiles are for. */
export const HAS_SNAKEMAKE: boolean = findProgram("snakemake") !== undefined &&
  snakemakeVersion().startsWith("7.");

/** What the folder of all results is called: words that a shell would split. */
export const OUTPUT = "the results";

/** How long Snakemake has to cancel its jobs and end. */
const CANCEL_MILLISECONDS = 20_000;

/** A study in a folder. */
export interface Study {
  /** The folder, in which the workflow runs. */
  readonly folder: string;
}

/** What is computed of a study. */
export type StudyJobs = Readonly<
  Record<string, { readonly per?: "gene" | "profile"; readonly by?: string }>
>;

/** What a run of the workflow did. */
export interface WorkflowRun {
  /** Whether all went well in the end. */
  readonly isGood: boolean;
  /** The rules that ran, one by one. */
  readonly rules: readonly string[];
  /** All that was printed. */
  readonly log: string;
}

/** Makes the sources and the configuration of a study. */
export function makeStudy(folder: string, jobs: StudyJobs): Study {
  for (const [at, name] of NAMES.entries()) {
    writeSource(sourceOf({ folder }, name), at + 1);
  }
  const command = `${folder}/metacell.sh`;
  const main = `${Deno.execPath()} run --no-prompt --allow-read ` +
    `--allow-write --config ${ROOT}/deno.json ${ROOT}/cli.ts`;
  // A test makes one job wait by a file, to have the time to kill it.
  const script = [
    "#!/bin/bash",
    `if [[ "$1" == totals ]] && rm ${folder}/wait 2>/dev/null; then`,
    `  touch ${folder}/waiting; sleep 100; fi`,
    `exec ${main} "$@"`,
    "",
  ];
  Deno.writeTextFileSync(command, script.join("\n"), { mode: 0o755 });
  const config = {
    metacell: command,
    output: OUTPUT,
    sources: Object.fromEntries(
      NAMES.map((name) => [name, relativeSource(name)]),
    ),
    jobs,
    threads: 1,
  };
  Deno.writeTextFileSync(`${folder}/config.json`, JSON.stringify(config));
  writeKinds(folder);
  return { folder };
}

/** The folder of a source: of its name, a quote and spaces. */
export function sourceOf({ folder }: Study, name: string): string {
  return `${folder}/${relativeSource(name)}`;
}

function relativeSource(name: string): string {
  return `${name}'s cells; echo`;
}

/** Writes a source of cells whose counts go by a seed. */
export function writeSource(path: string, seed: number): void {
  Deno.mkdirSync(path, { recursive: true });
  const genes = lines(GENES, (at) => `ENSG${at}\tGENE${at}`);
  Deno.writeTextFileSync(`${path}/genes.tsv`, genes);
  Deno.writeTextFileSync(`${path}/barcodes.tsv`, lines(CELLS, barcode));
  const entries: string[] = [];
  for (let cell = 0; cell < CELLS; cell++) {
    for (let gene = cell % 3; gene < GENES; gene += 3) {
      entries.push(`${gene + 1} ${cell + 1} ${(cell * gene * seed) % 300 + 1}`);
    }
  }
  const head = "%%MatrixMarket matrix coordinate integer general";
  const size = `${GENES} ${CELLS} ${entries.length}`;
  const text = lines(entries.length, (at) => entries[at]!);
  Deno.writeTextFileSync(`${path}/matrix.mtx`, `${head}\n${size}\n${text}`);
}

/** Runs the workflow. */
export async function runWorkflow(
  { folder }: Study,
  profile: "local" | "slurm",
  options: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly whileRunning?: () => Promise<void>;
  } = {},
): Promise<WorkflowRun> {
  const child = new Deno.Command("snakemake", {
    args: [
      `--snakefile=${ROOT}/workflow/Snakefile`,
      "--configfile=config.json",
      `--profile=${ROOT}/workflow/profiles/${profile}`,
      ...profile === "local" ? [] : [
        "--jobs=8",
        "--latency-wait=10",
      ],
    ],
    cwd: folder,
    // With CI it asks for its jobs every second, and not every ten.
    env: { ...options.environment, HOME: folder, CI: "true" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  try {
    await options.whileRunning?.();
  } catch (error) {
    await cancel(child, output);
    throw error;
  }
  const { success, stdout, stderr } = await output;
  const log = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes))
    .join("");
  const rules = [...log.matchAll(/^(?:rule|checkpoint|localrule) (\w+):/gm)];
  return { isGood: success, rules: rules.map(([, name]) => name!), log };
}

/** Lets Snakemake cancel its jobs, so that nothing is left of it. */
async function cancel(
  child: Deno.ChildProcess,
  end: Promise<unknown>,
): Promise<void> {
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), CANCEL_MILLISECONDS);
  await end;
  clearTimeout(timer);
}

/** Runs a command line of metacell in the folder of a study. */
export async function runMetacell(
  { folder }: Study,
  ...args: string[]
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(
    `${folder}/metacell.sh`,
    { args, cwd: folder },
  ).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(new TextDecoder().decode(stderr));
}

/** How often each rule ran, of some. */
export function countRules(
  { rules }: WorkflowRun,
  ...names: string[]
): number[] {
  return names.map((name) => rules.filter((rule) => rule === name).length);
}

function snakemakeVersion(): string {
  const { stdout } = new Deno.Command("snakemake", { args: ["--version"] })
    .outputSync();
  return new TextDecoder().decode(stdout);
}

function writeKinds(folder: string): void {
  const rows = NAMES.flatMap((name) =>
    Array.from(
      { length: CELLS },
      (_, at) => `${name}:${barcode(at)},${["T", "B", "NA", "NK"][at % 4]}`,
    )
  );
  const text = lines(rows.length, (at) => rows[at]!);
  Deno.writeTextFileSync(`${folder}/kinds.csv`, `barcode,kind\n${text}`);
}

function barcode(at: number): string {
  return `AC${"ACGT"[at % 4]}${"ACGT"[(at >> 2) % 4]}${at}-1`;
}

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join("");
}
