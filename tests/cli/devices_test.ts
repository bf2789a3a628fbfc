import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type CostModel, DEFAULT_COSTS } from "../../src/compute/cost_model.ts";
import { KERNELS } from "../../src/compute/engine.ts";
import { inFolder, runCli } from "./_cli.ts";

Deno.test("devices measures every kernel, and the figures of the cost model", async () => {
  const { code, stdout, stderr } = await runCli(["devices", "--json"]);
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
});

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
