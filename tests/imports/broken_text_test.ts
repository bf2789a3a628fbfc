/** Texts that were cut off, or of which bytes changed. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { delane } from "../../src/imports/standard/delane.ts";
import { importBatch } from "../../src/imports/import_batch.ts";
import { withTempFolder } from "../helpers.ts";
import { STUDY } from "./standard/_standard_folder.ts";
import { writeFiles } from "./tenx_folder.ts";

type Files = Readonly<Record<string, Uint8Array>>;

const encode = (text: string) => new TextEncoder().encode(text);
const pack = (text: string) => new Uint8Array(gzipSync(text));

const TRIPLETS = "gene,cell,count\n" +
  '"A ""b""",x,1\nENSG00000000003,y,2.0\nC,x,0\nC,z,70000\n';
const DENSE = '"","c 1","c2"\n"A",1,0\n"B ""b""",3.0,"70000"\n';

/** What is imported, by what it is called; folders have several files. */
const SOURCES: Readonly<Record<string, Files>> = {
  triplets: { "a.csv": encode(TRIPLETS) },
  "triplets with gzip": { "a.csv.gz": pack(TRIPLETS) },
  table: { "a.csv": encode(DENSE) },
  "table with gzip": { "a.csv.gz": pack(DENSE) },
  lanes: Object.fromEntries(
    Object.entries(STUDY).map(([name, text]) => [
      `study/${name}`,
      encode(text as string),
    ]),
  ),
};

/**
 * Reads files, which may be broken: it works, or it fails in one line and
 * leaves nothing.
 */
async function readBroken(files: Files): Promise<void> {
  const [name = ""] = Object.keys(files);
  const [source = ""] = name.split("/");
  await withTempFolder(async (folder) => {
    writeFiles(folder, files);
    const path = `${folder}/${source}`;
    const jobs = [
      () => importBatch(path, `${folder}/made`, { genesIn: "rows" }),
    ];
    if (source === "study") {
      jobs.push(() => delane(path, `${folder}/made`) as Promise<never>);
    }
    for (const job of jobs) {
      try {
        await job();
        Deno.removeSync(`${folder}/made`, { recursive: true });
      } catch (error) {
        const { message } = error as Error;
        assertEquals(/^Cannot [^\n]*$/.test(message), true, message);
      }
      const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
      assertEquals(left, [source]);
    }
  });
}

for (const [what, files] of Object.entries(SOURCES)) {
  const names = Object.keys(files);

  Deno.test(`importBatch() takes or refuses what is cut off of ${what}`, async () => {
    for (const name of names) {
      for (const part of [0, 0.01, 0.5, 0.99]) {
        const bytes = files[name]!;
        const end = Math.floor(part * bytes.length);
        await readBroken({ ...files, [name]: bytes.slice(0, end) });
      }
    }
  });

  Deno.test(`importBatch() takes or refuses changed bytes of ${what}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), {
          minLength: 1,
          maxLength: 4,
        }),
        async (name, changes) => {
          const bytes = files[name]!.slice();
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          await readBroken({ ...files, [name]: bytes });
        },
      ),
      { numRuns: 60 },
    );
  });
}
