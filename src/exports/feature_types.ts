/** The types of features as 10x has them. */
import type { ExportSource } from "./export_source.ts";

/** The type of the features that are genes. */
const GENE_EXPRESSION = "Gene Expression";

/** What Cell Ranger calls its types. */
const TYPES: ReadonlySet<string> = new Set([
  GENE_EXPRESSION,
  "Antibody Capture",
  "Antigen Capture",
  "CRISPR Guide Capture",
  "Custom",
  "Multiplexing Capture",
  "Peaks",
]);

/**
 * Whether types of genes are what 10x means by them. Others call so what genes
 * code for.
 *
 * @param types The types.
 * @returns True where a type is one of 10x.
 */
export function areTenxTypes(types: readonly string[]): boolean {
  return types.some((type) => TYPES.has(type));
}

/**
 * Whether `g.feature_type`, or `g.feature_types`, is what 10x means by it.
 *
 * @param source What is exported.
 * @returns True where a type is one of 10x.
 */
export function hasTenxTypes({ geneTypes }: ExportSource): boolean {
  return geneTypes !== undefined && areTenxTypes(geneTypes);
}

/**
 * Finds the types of features that a file of 10x is to have.
 *
 * @param source What is exported, which gets a note where the types of its
 * genes are others.
 * @returns A type a gene; it is a gene where none is known.
 */
export function tenxTypes(source: ExportSource): string[] {
  const { geneNames, geneTypes } = source;
  const isTenx = hasTenxTypes(source);
  if (geneTypes !== undefined && !isTenx) {
    source.notes.push(
      "g.feature_type has no types of 10x: all genes are written as " +
        GENE_EXPRESSION,
    );
  }
  return geneNames.map((_, gene) =>
    isTenx && geneTypes?.[gene] || GENE_EXPRESSION
  );
}
