/**
 * A Slurm cluster of two nodes on this machine, for one test: its own munge,
 * controller and daemons, in a folder of their own, stopped at the end.
 */
const NODES = ["n1", "n2"];
const PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "scancel"];
const STOP_SECONDS = 20;
const START_SECONDS = 60;

/** A cluster that runs. */
export class SlurmCluster implements AsyncDisposable {
  /** The variables that programs of Slurm need to find it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.environment = { SLURM_CONF: `${folder}/slurm.conf` };
  }

  /** Whether the programs are here, and may be run as they must: by root. */
  static isPossible(): boolean {
    if (Deno.build.os !== "linux" || print("id", "-u") !== "0") return false;
    return PROGRAMS.every((name) => findProgram(name) !== undefined);
  }

  /** Starts a cluster and waits until its nodes are idle. */
  static async start(): Promise<SlurmCluster> {
    // Names of sockets are limited to 108 characters.
    const folder = Deno.makeTempDirSync({ dir: "/tmp", prefix: "mc" });
    const cluster = new SlurmCluster(folder);
    try {
      await cluster.#start();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs a program of Slurm, and gives what it printed. */
  async run(program: string, ...args: string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
      env: this.environment,
    }).output();
    const text = new TextDecoder().decode(stdout);
    if (success) return text;
    throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
  }

  /** Stops all that was started, each by a signal and a wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    const names = [...NODES.map((node) => `slurmd.${node}`), "slurmctld"];
    try {
      await this.#cancelJobs().catch(() => {}); // it may not have started
      for (const name of [...names, "munged"]) await this.#stop(name);
    } finally {
      Deno.removeSync(this.#folder, { recursive: true });
    }
  }

  /** Cancels all jobs and waits for the processes of theirs to end. */
  async #cancelJobs(): Promise<void> {
    await this.run("scancel", "--user=root");
    await waitUntil(STOP_SECONDS, async () => {
      return (await this.run("squeue", "--noheader")).trim() === "";
    });
  }

  async #start(): Promise<void> {
    const folder = this.#folder;
    Deno.chmodSync(folder, 0o711);
    for (const name of ["key", "state", "spool", "run"]) {
      Deno.mkdirSync(`${folder}/${name}`);
    }
    Deno.chmodSync(`${folder}/key`, 0o700);
    Deno.chmodSync(`${folder}/run`, 0o711);
    const key = crypto.getRandomValues(new Uint8Array(128));
    Deno.writeFileSync(`${folder}/key/munge.key`, key, { mode: 0o600 });
    await this.run(
      "munged",
      `--key-file=${folder}/key/munge.key`,
      `--socket=${folder}/run/munge.socket`,
      `--pid-file=${folder}/munged.pid`,
      `--log-file=${folder}/key/munged.log`,
      `--seed-file=${folder}/key/munged.seed`,
    );
    Deno.writeTextFileSync(`${folder}/slurm.conf`, this.#configuration());
    await this.run("slurmctld", "-i");
    for (const node of NODES) await this.run("slurmd", "-N", node);
    await this.#waitForNodes();
  }

  #configuration(): string {
    const folder = this.#folder;
    const host = print("hostname", "-s");
    const base = 20_000 + Math.floor(Math.random() * 12_000);
    const nodes = NODES.map((node, at) =>
      `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 ` +
      `Port=${base + 1 + at} CPUs=2 RealMemory=16000 State=UNKNOWN`
    );
    return [
      "ClusterName=test",
      `SlurmctldHost=${host}(127.0.0.1)`,
      `SlurmctldPort=${base}`,
      "SlurmUser=root",
      "SlurmdUser=root",
      "AuthType=auth/munge",
      `AuthInfo=socket=${folder}/run/munge.socket`,
      "CommunicationParameters=NoInAddrAny,NoCtldInAddrAny",
      "SlurmdParameters=config_overrides",
      "ProctrackType=proctrack/pgid",
      "TaskPlugin=task/none",
      "JobAcctGatherType=jobacct_gather/none",
      "AccountingStorageType=accounting_storage/none",
      "SelectType=select/cons_tres",
      "SelectTypeParameters=CR_CPU",
      "ReturnToService=2",
      "KillWait=2",
      "MpiDefault=none",
      "SchedulerParameters=batch_sched_delay=0,sched_interval=1," +
      "sched_min_interval=0,bf_interval=1",
      `StateSaveLocation=${folder}/state`,
      `SlurmdSpoolDir=${folder}/spool/%n`,
      `SlurmctldPidFile=${folder}/slurmctld.pid`,
      `SlurmdPidFile=${folder}/slurmd.%n.pid`,
      `SlurmctldLogFile=${folder}/slurmctld.log`,
      `SlurmdLogFile=${folder}/slurmd.%n.log`,
      ...nodes,
      `PartitionName=all Nodes=${NODES.join(",")} Default=YES State=UP`,
      "",
    ].join("\n");
  }

  async #waitForNodes(): Promise<void> {
    await waitUntil(START_SECONDS, async () => {
      const states = await this.run("sinfo", "-h", "-N", "-o", "%T")
        .catch(() => "");
      const lines = states.trim().split("\n");
      return lines.length === NODES.length &&
        lines.every((state) => state === "idle");
    });
  }

  async #stop(name: string): Promise<void> {
    const pid = readPid(`${this.#folder}/${name}.pid`);
    const program = name.split(".")[0]!;
    if (pid === undefined || !isRunning(pid, program)) return;
    Deno.kill(pid, "SIGTERM");
    await waitUntil(STOP_SECONDS, () => !isRunning(pid, program))
      .catch(() => Deno.kill(pid, "SIGKILL"));
  }
}

/** Waits until something is true, which is asked for five times a second. */
export async function waitUntil(
  seconds: number,
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  while (!await isTrue()) {
    if (Date.now() > end) throw new Error(`Waited ${seconds} seconds in vain`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The path of a program, where it is installed. */
export function findProgram(name: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return [...folders, "/usr/sbin"].map((folder) => `${folder}/${name}`)
    .find((path) => {
      try {
        return Deno.statSync(path).isFile;
      } catch {
        return false;
      }
    });
}

function readPid(path: string): number | undefined {
  try {
    return Number(Deno.readTextFileSync(path)) || undefined;
  } catch {
    return undefined;
  }
}

/** The number of a process may have gone to another program since. */
function isRunning(pid: number, program: string): boolean {
  // "123 (name) S …": one that ended is a Z until its parent looks.
  const text = print("cat", `/proc/${pid}/stat`);
  return text.startsWith(`${pid} (${program}) `) && !/\) [ZX] /.test(text);
}

/** What a program prints: tests may run programs, and not ask the system. */
function print(program: string, ...args: string[]): string {
  const command = new Deno.Command(program, { args, stderr: "null" });
  return new TextDecoder().decode(command.outputSync().stdout).trim();
}
