import { assertEquals } from "@std/assert";
import { unzipSync } from "fflate";
import { gunzipSync } from "node:zlib";
import type {
  ArrayNode,
  NodeStore,
  StoreNode,
} from "../../src/anndata/nodes.ts";
import expectedStores from "./fixtures/stores.json" with { type: "json" };

/** The stores that `fixtures/make_stores.py` wrote. */
export type StoreName = "h5" | "v108" | "latest" | "v2" | "v3";

/** What an array has to be. */
export interface ExpectedArray {
  /** The name of its type. */
  readonly type: string;
  /** Its extents. */
  readonly shape: readonly number[];
  /** Its values: numbers that JSON can't hold are texts. */
  readonly values: readonly (number | string)[];
}

/** What `stores.json` holds; many arrays have the same numbers. */
type ExpectedFile =
  & { readonly LONG: readonly number[] }
  & Readonly<
    Record<
      StoreName,
      Record<
        string,
        Omit<ExpectedArray, "values"> & {
          readonly values: ExpectedArray["values"] | "LONG";
        }
      >
    >
  >;

const FIXTURES: Readonly<Record<StoreName, string>> = {
  h5: "stores.h5.gz",
  v108: "v108.h5.gz",
  latest: "latest.h5.gz",
  v2: "stores_v2.zip",
  v3: "stores_v3.zip",
};

/**
 * What the arrays of a store have to be, by their paths.
 *
 * @param name The store.
 * @returns The arrays.
 */
export function expectedArrays(
  name: StoreName,
): readonly (readonly [string, ExpectedArray])[] {
  const { LONG, ...stores } = expectedStores as unknown as ExpectedFile;
  return Object.entries(stores[name]).map(([path, { values, ...array }]) => [
    path,
    { ...array, values: values === "LONG" ? LONG.map(String) : values },
  ]);
}

/**
 * The bytes of a store, unpacked if it is HDF5.
 *
 * @param name The store.
 * @returns The bytes.
 */
export function storeBytes(name: StoreName): Uint8Array {
  const url = new URL(`fixtures/${FIXTURES[name]}`, import.meta.url);
  const bytes = Deno.readFileSync(url);
  if (!FIXTURES[name].endsWith(".gz")) return bytes;
  return new Uint8Array(gunzipSync(bytes));
}

/**
 * Unpacks a zip file.
 *
 * @param bytes The zip file.
 * @param folder Where to.
 */
export function unzipTo(bytes: Uint8Array, folder: string): void {
  for (const [name, content] of Object.entries(unzipSync(bytes))) {
    const path = `${folder}/${name}`;
    Deno.mkdirSync(path.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeFileSync(path, content);
  }
}

/**
 * Reads an array as it is written in `stores.json`.
 *
 * @param array The array.
 * @param start The first row.
 * @param end Where they end.
 * @returns The values.
 */
export async function readPlain(
  array: ArrayNode,
  start: number,
  end: number,
): Promise<(number | string)[]> {
  if (array.elementClass === "string") return array.readTexts(start, end);
  const values = await array.readNumbers(start, end);
  const isFloat = array.elementClass === "float";
  const isBool = array.elementClass === "bool";
  return Array.from<number | bigint, number | string>(values, (value) => {
    if (isBool) return Number(value);
    if (!isFloat) return String(value);
    return Number.isFinite(value) ? Number(value) : pythonText(Number(value));
  });
}

/**
 * Compares all arrays of a store with what they have to be.
 *
 * @param store The store.
 * @param name Which one it is.
 */
export async function assertArrays(
  store: NodeStore,
  name: StoreName,
): Promise<void> {
  for (const [path, expected] of expectedArrays(name)) {
    const array = await arrayAt(store, path);
    assertEquals(array.path, path);
    assertEquals(array.typeName, expected.type, path);
    assertEquals(array.shape, expected.shape, path);
    const [end = 1, ...inner] = array.shape;
    const width = inner.reduce((all, one) => all * one, 1);
    const ranges = array.shape.length === 0
      ? [[0, 1]]
      : [[0, end], [1, end - 1], [end >> 1, end], [end, end]];
    for (const [start = 0, stop = 0] of ranges) {
      if (start > stop) continue;
      assertEquals(
        await readPlain(array, start, stop),
        expected.values.slice(start * width, stop * width),
        `${path} ${start} ${stop}`,
      );
    }
  }
}

/**
 * Finds an array, or a field of one.
 *
 * @param store The store.
 * @param path The path of the array.
 * @returns The array.
 */
export async function arrayAt(
  store: NodeStore,
  path: string,
): Promise<ArrayNode> {
  const node = await store.root.get(path);
  if (node?.kind === "array") return node;
  const [, above, field] = /^(.*)\/(.*)$/.exec(path)!;
  const table = await store.root.get(above!);
  if (table?.kind !== "array") throw new Error(`there is no ${path}`);
  return table.field(field!);
}

function pythonText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

/** Arrays that are larger are not read by `walkStore`. */
const MOST_VALUES = 5e6;
/** What leads in circles is not followed for ever. */
const MOST_DEPTH = 5;

/**
 * Opens a store and reads all that is in it.
 *
 * @param open Opens it.
 * @returns The messages of all errors.
 */
export async function walkStore(
  open: () => Promise<NodeStore>,
): Promise<string[]> {
  const messages: string[] = [];
  const attempt = async <T>(run: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await run();
    } catch (error) {
      messages.push(error instanceof Error ? error.message : `? ${error}`);
    }
  };
  const visit = async (node: StoreNode, depth: number): Promise<void> => {
    await attempt(() => node.attributes());
    if (node.kind === "array") return readAll(node, attempt);
    const names = await attempt(() => node.keys()) ?? [];
    for (const name of depth < MOST_DEPTH ? names : []) {
      const inner = await attempt(() => node.get(name));
      if (inner && name !== "up") await visit(inner, depth + 1);
    }
  };
  using store = await attempt(open);
  if (store) await visit(store.root, 0);
  return messages;
}

async function readAll(
  array: ArrayNode,
  attempt: (run: () => Promise<unknown>) => Promise<unknown>,
): Promise<void> {
  const [end = 1] = array.shape;
  if (array.shape.reduce((all, one) => all * one, 1) > MOST_VALUES) return;
  if (array.elementClass === "compound") {
    for (const name of array.fields) await readAll(array.field(name), attempt);
    return;
  }
  await attempt(() =>
    array.elementClass === "string"
      ? array.readTexts(0, end)
      : array.readNumbers(0, end)
  );
}
