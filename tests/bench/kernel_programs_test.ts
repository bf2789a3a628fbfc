/** That the programs that are compared do the same. */
import { assert, assertEquals } from "@std/assert";
import { KERNEL_JOBS, type KernelJob } from "../../bench/kernel_jobs.ts";
import {
  KernelProgram,
  type ProgramName,
} from "../../bench/kernel_programs.ts";
import { canRun, hasPython } from "../../bench/processes.ts";
import { openSynthetic } from "../../bench/synthetic_folder.ts";
import { withTempFolder } from "../helpers.ts";

const JOBS = Object.keys(KERNEL_JOBS) as KernelJob[];
const SMALL = { cellsCount: 300, genesCount: 2_000 };

/** The sums of each job's result. */
async function results(name: ProgramName, folder: string, threads: number) {
  const options = { folder, device: "cpu", threads };
  await using program = await KernelProgram.start(name, options);
  const answers: [KernelJob, number, number][] = [];
  for (const job of JOBS) {
    const answer = await program!.ask({ job, threads });
    assert("seconds" in answer, `${name} refuses ${job}`);
    assert(answer.seconds > 0 && answer.sum > 0);
    answers.push([job, answer.sum, answer.weighted]);
  }
  return answers;
}

async function compare(name: ProgramName, threads: number): Promise<void> {
  await withTempFolder(async (parent) => {
    await using folder = await openSynthetic({ ...SMALL, parent });
    const ours = await results("ours", folder.path, threads);
    assertEquals(await results(name, folder.path, threads), ours);
  });
}

Deno.test({
  name: "kernels.c gives the results of ours (gcc)",
  ignore: !await canRun("gcc", ["--version"]),
  fn: () => compare("C", 2),
});

Deno.test({
  name: "kernels_scipy.py gives the results of ours (scipy)",
  ignore: !await hasPython("scipy.sparse"),
  fn: () => compare("scipy", 1),
});
