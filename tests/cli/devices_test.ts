import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { type CostModel, DEFAULT_COSTS } from "../../src/compute/cost_model.ts";
import { KERNELS } from "../../src/compute/engine.ts";
import { inFolder, runCli } from "./_cli.ts";

Deno.test("devices measures every kernel, and keeps the figures of the cost model", () =>
  inFolder(async (folder) => {
    const environment = { XDG_CACHE_HOME: folder };
    const { code, stdout, stderr } = await runCli(["devices", "--json"], {
      environment,
    });
    assertEquals(code, 0, stderr);
    const { cpu, gpu, costs } = JSON.parse(stdout);
    for (const speeds of [cpu.one, cpu.all]) {
      const kernels = speeds.map(({ kernel }: { kernel: string }) => kernel);
      assertEquals(kernels, [...KERNELS]);
      for (const { bytesPerSecond } of speeds) assert(bytesPerSecond > 1e6);
    }
    const keys = Object.keys(DEFAULT_COSTS).sort();
    assertEquals(Object.keys(costs).sort(), keys);
    const { threadGain, gpuStartSeconds } = costs as CostModel;
    assert(threadGain >= 0 && threadGain <= 1 && gpuStartSeconds > 0);
    if (gpu !== null) assertEquals(gpu.kernels.length, KERNELS.length);
    assertStringIncludes(stderr, "Measuring");
    const path = `${folder}/metacell/devices.json`;
    assertStringIncludes(stderr, `Kept for --device auto in ${path}\n`);
    const [kept] = Object.values(
      JSON.parse(Deno.readTextFileSync(path)).machines,
    );
    assertEquals(kept, { gpu: gpu?.name ?? null, costs });
  }));

Deno.test("devices measures what it is asked for, and keeps nothing of a part", () =>
  inFolder(async (folder) => {
    const environment = { XDG_CACHE_HOME: folder };
    const words = ["devices", "--device", "cpu", "--threads", "1"];
    const { code, stdout } = await runCli(words, { environment });
    assertEquals([code, [...Deno.readDirSync(folder)]], [0, []]);
    assertMatch(stdout, /^CPU +1 thread\n\n +CPU, 1 thread\ntotals a cell /);
  }));

Deno.test({
  name: "devices leaves nothing behind when it is interrupted",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--no-prompt", "--allow-read"],
          ...["--allow-write", "cli.ts", "devices"],
        ],
        cwd: new URL("../../", import.meta.url),
        env: { TMPDIR: folder },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      while ([...Deno.readDirSync(folder)].length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      child.kill("SIGINT");
      const { code, stderr } = await child.output();
      assertStringIncludes(new TextDecoder().decode(stderr), "interrupted\n");
      assertEquals(code, 130);
      assertEquals([...Deno.readDirSync(folder)], []);
    }),
});
