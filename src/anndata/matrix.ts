import { textAttribute } from "./attributes.ts";
import type { NodeStore, StoreNode } from "./nodes.ts";
import { StoredDense } from "./dense_matrix.ts";
import { StoredSparse } from "./sparse_matrix.ts";

/** A matrix of a store, which is read by rows, or by columns if it is CSC. */
export type StoredMatrix = StoredDense | StoredSparse;

/** A matrix, or why there is none that can be read. */
export type FoundMatrix =
  | { readonly matrix: StoredMatrix }
  | { readonly why: string };

/**
 * Opens a matrix, dense or sparse.
 *
 * @param store The store.
 * @param node The node that it should be.
 * @param shape The rows and columns that are expected.
 * @returns The matrix; or why, where the node is something else.
 * @throws {Error} If it is a sparse matrix whose parts do not fit.
 */
export async function openMatrix(
  store: NodeStore,
  node: StoreNode,
  shape: readonly [number, number],
): Promise<FoundMatrix> {
  if (node.kind === "group") {
    const matrix = await StoredSparse.open(store, node);
    if (matrix) return { matrix };
    const encoding = textAttribute(await node.attributes(), "encoding-type");
    const what = encoding === undefined ? "" : ` of the encoding ${encoding}`;
    return { why: `it is a group${what} and no matrix` };
  }
  if (["integer", "float", "bool"].includes(node.elementClass)) {
    return { matrix: new StoredDense(store, node, shape) };
  }
  return { why: `it holds ${node.typeName} and no numbers` };
}

/**
 * Whether a node stands for nothing, as that of `None` does.
 *
 * @param node The node.
 * @returns True where it does.
 */
export async function isNull(node: StoreNode): Promise<boolean> {
  return textAttribute(await node.attributes(), "encoding-type") === "null";
}
