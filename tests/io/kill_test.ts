import { assertEquals, assertMatch } from "@std/assert";
import { findMovedAside } from "../../src/io/atomic.ts";
import { withTempFolder } from "../helpers.ts";

/** Replaces a folder of two files that must be equal, over and over. */
const WRITER = `
import { buildFolderAtomically } from "ATOMIC";
import { FileSink } from "SINK";
const [folder] = Deno.args;
const options = { force: true, isReplaceable: () => true };
for (let round = 0;; round++) {
  await buildFolderAtomically(folder + "/data", options, (partial) => {
    for (const name of ["a", "b"]) {
      const sink = FileSink.create(partial + "/" + name);
      sink.write(new TextEncoder().encode(String(round).repeat(2000)));
      sink.finish();
    }
    return Promise.resolve();
  });
  if (round === 0) console.log("started");
}`;

Deno.test("buildFolderAtomically() that is killed leaves old or new", () =>
  withTempFolder(async (folder) => {
    const src = new URL("../../src/io/", import.meta.url);
    const script = `${folder}/writer.ts`;
    Deno.writeTextFileSync(
      script,
      WRITER.replace("ATOMIC", `${src}atomic.ts`)
        .replace("SINK", `${src}file_sink.ts`),
    );
    for (const delay of [30, 33, 37, 42, 48, 55, 61]) {
      await killAfter(script, folder, delay);
      checkState(folder);
    }
  }));

async function killAfter(
  script: string,
  folder: string,
  delay: number,
): Promise<void> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", "--no-check", script, folder],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = process.stdout.getReader();
  await reader.read(); // the first round is in place
  await new Promise((resolve) => setTimeout(resolve, delay));
  process.kill("SIGKILL");
  await reader.cancel();
  await process.status;
}

/** Checks that the folder, in place or moved aside, is there and whole. */
function checkState(folder: string): void {
  const path = findMovedAside(`${folder}/data`) ?? `${folder}/data`;
  const [a, b] = ["a", "b"].map((name) =>
    Deno.readTextFileSync(`${path}/${name}`)
  );
  assertEquals(a, b);
  for (const { name } of Deno.readDirSync(folder)) {
    const isKnown = /^(writer\.ts|data|\.data\.[0-9a-f]{12}\.(partial|old))$/;
    assertMatch(name, isKnown);
  }
}
