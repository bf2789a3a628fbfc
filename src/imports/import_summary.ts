/** A lane of a source, or a part of a batch that was split. */
export interface ImportedMember {
  /** Its name. */
  readonly name: string;
  /** Its identifier. */
  readonly uuid: string;
  /** The number of its profiles. */
  readonly profilesCount: number;
  /** The number of its counts that are not 0. */
  readonly entriesCount: number;
  /** The sum of its counts. */
  readonly totalUmis: number;
  /** The size of its matrix files. */
  readonly byteLength: number;
  /** How many these are: more than one where a lane itself was split. */
  readonly partsCount: number;
}

/** What an import wrote, and what it did not. */
export interface ImportSummary {
  /** The path of the source. */
  readonly source: string;
  /** The path of the container. */
  readonly path: string;
  /** What kind of source it was, for people. */
  readonly format: string;
  /** The identifier of the container. */
  readonly uuid: string;
  /** The organism. */
  readonly organism: string;
  /** The number of profiles. */
  readonly profilesCount: number;
  /** The number of genes of the genes set. */
  readonly genesCount: number;
  /** The number of counts that are not 0. */
  readonly entriesCount: number;
  /** The sum of all counts. */
  readonly totalUmis: number;
  /** The size of the matrix file, or of all of them. */
  readonly byteLength: number;
  /** How many explicit zeros were dropped. */
  readonly zerosCount: number;
  /** How many entries were added to one of the same profile and gene. */
  readonly repeatsCount: number;
  /** How many source rows are of a type that was not imported. */
  readonly leftOutRows: number;
  /** How many entries these had. */
  readonly leftOutEntries: number;
  /** How many source rows the genes set has no place for. */
  readonly missingRows: number;
  /** The sum of the counts of these. */
  readonly missingUmis: number;
  /** How many genes got a suffix, or were added up, for their names repeat. */
  readonly repeatedGenes: number;
  /** How many profiles have a barcode that another has before them. */
  readonly repeatedBarcodes: number;
  /** What the container is a collection of; nothing where it is a batch. */
  readonly members: readonly ImportedMember[];
  /** What a user should know of all that, a sentence each. */
  readonly notes: readonly string[];
}
