import { assertEquals } from "@std/assert";
import { readDataArray } from "../../../src/arrays/data_array_files.ts";
import { importBatch } from "../../../src/imports/import_batch.ts";
import "../../../src/profiles/load.ts";
import { withTempFolder } from "../../helpers.ts";
import { importError, SORTED_COUNTS } from "../_h5ad.ts";
import { readBatch } from "../tenx_folder.ts";

/** Texts as the filter vlen-utf8 packs them. */
function packTexts(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const parts = encoded.flatMap((bytes) => [
    new Uint8Array(Uint32Array.of(bytes.length).buffer),
    bytes,
  ]);
  const count = new Uint8Array(Uint32Array.of(texts.length).buffer);
  return new Uint8Array([count, ...parts].flatMap((part) => [...part]));
}

function writeArray(
  path: string,
  values: Float32Array | Int32Array | Int8Array | readonly string[],
  attributes: Readonly<Record<string, unknown>> = {},
): void {
  Deno.mkdirSync(path, { recursive: true });
  const isText = Array.isArray(values);
  const dtype = isText
    ? "|O"
    : values instanceof Float32Array
    ? "<f4"
    : values instanceof Int8Array
    ? "|i1"
    : "<i4";
  const metadata = {
    zarr_format: 2,
    shape: [values.length],
    chunks: [values.length],
    dtype,
    compressor: null,
    fill_value: isText ? "" : 0,
    filters: isText ? [{ id: "vlen-utf8" }] : null,
    order: "C",
  };
  Deno.writeTextFileSync(`${path}/.zarray`, JSON.stringify(metadata));
  Deno.writeTextFileSync(`${path}/.zattrs`, JSON.stringify(attributes));
  const bytes = isText
    ? packTexts(values)
    : new Uint8Array((values as Int32Array).slice().buffer);
  Deno.writeFileSync(`${path}/0`, bytes);
}

function writeGroup(
  path: string,
  attributes: Readonly<Record<string, unknown>>,
): void {
  Deno.mkdirSync(path, { recursive: true });
  Deno.writeTextFileSync(`${path}/.zgroup`, '{"zarr_format": 2}');
  Deno.writeTextFileSync(`${path}/.zattrs`, JSON.stringify(attributes));
}

/** The counts of the h5ad of the other tests, as a folder. */
function writeStore(path: string): void {
  writeGroup(path, { "encoding-type": "anndata" });
  writeGroup(`${path}/X`, { "encoding-type": "csr_matrix", shape: [3, 4] });
  writeArray(`${path}/X/data`, new Float32Array([300, 2, 1, 7]));
  writeArray(`${path}/X/indices`, new Int32Array([1, 3, 2, 0]));
  writeArray(`${path}/X/indptr`, new Int32Array([0, 2, 2, 4]));
  writeGroup(`${path}/obs`, { _index: "_index", "column-order": ["type"] });
  writeArray(`${path}/obs/_index`, ["AC-1", "AG-1", "AT-1"]);
  writeArray(`${path}/obs/type`, new Int8Array([1, -1, 0]), {
    categories: "__categories/type",
  });
  writeGroup(`${path}/obs/__categories`, {});
  writeArray(`${path}/obs/__categories/type`, ["T", "B"], { ordered: false });
  writeGroup(`${path}/var`, { _index: "_index", "column-order": [] });
  writeArray(`${path}/var/_index`, ["b", "A", "d", "c"]);
}

Deno.test("importBatch() reads AnnData of a zarr folder", () =>
  withTempFolder(async (folder) => {
    writeStore(`${folder}/any name`);
    const summary = await importBatch(`${folder}/any name`, `${folder}/batch`);
    assertEquals(summary.format, "AnnData in zarr v2");
    const { counts, genes, profiles } = await readBatch(`${folder}/batch`);
    assertEquals(genes, ["A", "B", "C", "D"]);
    assertEquals(profiles, ["AC-1", "AG-1", "AT-1"]);
    assertEquals(counts, SORTED_COUNTS);
    const type = readDataArray(`${folder}/batch`, "p.type");
    assertEquals(type, {
      kind: "categorical",
      dtype: "categorical",
      codes: new Int8Array([1, -1, 0]),
      categories: ["T", "B"],
      ordered: false,
    });
  }));

Deno.test("importBatch() refuses a zarr folder that lacks something", () =>
  withTempFolder(async (folder) => {
    const path = `${folder}/source.zarr`;
    writeStore(path);
    Deno.writeFileSync(`${path}/X/indices/0`, new Uint8Array(12));
    const message = await importError(folder, "source.zarr");
    assertEquals(message.startsWith("Cannot read FILE: X/indices: "), true);
    Deno.writeFileSync(`${path}/X/indices/0`, new Uint8Array(2 ** 20));
    assertEquals(
      await importError(folder, "source.zarr"),
      "Cannot read FILE: X/indices: chunk 0: its 1048576 bytes are more than " +
        "it can have",
    );
    writeStore(path);
    Deno.removeSync(`${path}/X/data/0`);
    assertEquals(
      await importError(folder, "source.zarr"),
      "Cannot read FILE: X/data: chunk 0 is missing",
    );
    Deno.removeSync(`${path}/var`, { recursive: true });
    assertEquals(
      await importError(folder, "source.zarr"),
      "Cannot read FILE: /: it has no var, so it is no AnnData; " +
        "its root has X, obs",
    );
  }));
