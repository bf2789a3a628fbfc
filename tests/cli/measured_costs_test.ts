import { assertEquals, assertStringIncludes } from "@std/assert";
import { engineOptions } from "../../src/cli/compute_options.ts";
import type { CommandContext } from "../../src/cli/context.ts";
import {
  keepMeasuredCosts,
  readMeasuredCosts,
} from "../../src/cli/measured_costs.ts";
import { ParsedArguments } from "../../src/cli/options.ts";
import { Output } from "../../src/cli/output.ts";
import { DEFAULT_COSTS } from "../../src/compute/cost_model.ts";
import { VERSION } from "../../src/io/version.ts";
import { inFolder } from "./_cli.ts";

const COSTS = { ...DEFAULT_COSTS, threadGain: 0, gpuStartSeconds: 0.125 };
const MACHINE = { gpu: "some GPU", costs: COSTS };

function contextOf(environment: Record<string, string>): CommandContext {
  const output = new Output(() => {});
  return {
    stdout: output,
    stderr: output,
    quiet: true,
    program: "metacell",
    signal: new AbortController().signal,
    isInterrupted: false,
    environment: (name) => environment[name],
  };
}

function optionsOf(context: CommandContext, options: Record<string, string>) {
  const given = Object.entries(options).map(([name, value]) =>
    [name, value === "" ? true : [value]] as const
  );
  const parsed = new ParsedArguments(new Map(), new Map(given));
  return engineOptions(context, parsed);
}

Deno.test("keepMeasuredCosts() keeps figures for --device auto alone", () =>
  inFolder((folder) => {
    const context = contextOf({ XDG_CACHE_HOME: folder, HOME: "/nowhere" });
    assertEquals(readMeasuredCosts(context), undefined);
    const path = keepMeasuredCosts(context, MACHINE);
    assertEquals(path, `${folder}/metacell/devices.json`);
    assertEquals(readMeasuredCosts(context), COSTS);
    assertEquals([...Deno.readDirSync(`${folder}/metacell`)].length, 1);
    assertEquals(optionsOf(context, {}).costs, COSTS);
    assertEquals(optionsOf(context, { device: "auto" }).costs, COSTS);
    assertEquals(optionsOf(context, { device: "cpu" }).costs, undefined);
    assertEquals(optionsOf(context, { "no-cache": "" }).costs, undefined);
    assertEquals(optionsOf(contextOf({}), {}).costs, undefined);
  }));

Deno.test("keepMeasuredCosts() keeps those of other machines", () =>
  inFolder((folder) => {
    const context = contextOf({ XDG_CACHE_HOME: folder });
    const path = keepMeasuredCosts(context, MACHINE)!;
    const content = JSON.parse(Deno.readTextFileSync(path));
    const [key] = Object.keys(content.machines);
    assertStringIncludes(key!, `${navigator.hardwareConcurrency} cores`);
    content.machines = { other: content.machines[key!] };
    Deno.writeTextFileSync(path, JSON.stringify(content));
    assertEquals(readMeasuredCosts(context), undefined);
    keepMeasuredCosts(context, MACHINE);
    const { machines } = JSON.parse(Deno.readTextFileSync(path));
    assertEquals(Object.keys(machines), ["other", key]);
    assertEquals(readMeasuredCosts(context), COSTS);
  }));

Deno.test({
  name: "keepMeasuredCosts() finds the folder of the platform",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder((folder) => {
      const home = contextOf({ HOME: folder, XDG_CACHE_HOME: "relative" });
      const caches = Deno.build.os === "darwin" ? "Library/Caches" : ".cache";
      const path = `${folder}/${caches}/metacell/devices.json`;
      assertEquals(keepMeasuredCosts(home, MACHINE), path);
      assertEquals(readMeasuredCosts(home), COSTS);
    }),
});

Deno.test("readMeasuredCosts() takes nothing of a file that is not good", () =>
  inFolder((folder) => {
    const context = contextOf({ XDG_CACHE_HOME: folder });
    const path = keepMeasuredCosts(context, MACHINE)!;
    const good = Deno.readTextFileSync(path);
    const damages: readonly ((text: string) => string)[] = [
      () => "",
      () => "{",
      () => "null",
      () => "[1]",
      () => JSON.stringify({ version: VERSION, machines: 1 }),
      (text) => text.replace(/"version": ".*"/, '"version": "0.0.0"'),
      (text) => text.replace(/"threadGain": .*,/, ""),
      (text) => text.replace(/"threadGain": .*,/, '"threadGain": "1",'),
      (text) => text.replace(/"threadGain": .*,/, '"threadGain": -1,'),
      (text) => text.replace(/"geneTotals": .*,/, '"geneTotals": 1e999,'),
      (text) => text.replace(/"geneTotals": .*,/, ""),
      (text) => text.replace(/"costs": \{/, '"costs": null, "x": {'),
    ];
    for (const damage of damages) {
      Deno.writeTextFileSync(path, damage(good));
      assertEquals(readMeasuredCosts(context), undefined, damage(good));
    }
    // Measured again, it is whole again.
    keepMeasuredCosts(context, MACHINE);
    assertEquals(readMeasuredCosts(context), COSTS);
  }));

Deno.test("keepMeasuredCosts() fails silently where nothing can be kept", () =>
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    Deno.mkdirSync(`${folder}/metacell/devices.json`, { recursive: true });
    for (
      const environment of [
        {},
        { XDG_CACHE_HOME: "" },
        { XDG_CACHE_HOME: `${folder}/file` },
        { XDG_CACHE_HOME: folder },
      ]
    ) {
      const context = contextOf(environment as Record<string, string>);
      assertEquals(keepMeasuredCosts(context, MACHINE), undefined);
      assertEquals(readMeasuredCosts(context), undefined);
    }
  }));

Deno.test({
  name: "keepMeasuredCosts() asks for no permission",
  permissions: { read: false, write: false },
  fn() {
    const context = contextOf({ XDG_CACHE_HOME: "/some/folder" });
    assertEquals(keepMeasuredCosts(context, MACHINE), undefined);
    assertEquals(readMeasuredCosts(context), undefined);
  },
});
