/** Finds genes by name, in any case, or by id. A name wins over an id. */
export class GeneLookup {
  readonly #byName: ReadonlyMap<string, number>;
  readonly #byId: ReadonlyMap<string, number>;

  /**
   * Makes a lookup.
   *
   * @param names The name of each gene, upper-case.
   * @param ids The id of each gene, where there are ids.
   */
  constructor(names: readonly string[], ids: readonly string[] = []) {
    this.#byName = indexTexts(names);
    this.#byId = indexTexts(ids);
  }

  /**
   * Finds one gene.
   *
   * @param nameOrId The name, or the id as the source had it; case is ignored.
   * @returns The index of the gene, or undefined.
   */
  find(nameOrId: string): number | undefined {
    const key = nameOrId.toUpperCase();
    return this.#byName.get(key) ?? this.#byId.get(key);
  }
}

/** The first index of each text; empty texts name nothing. */
function indexTexts(texts: readonly string[]): Map<string, number> {
  const index = new Map<string, number>();
  texts.forEach((text, at) => {
    const key = text.toUpperCase();
    if (key !== "" && !index.has(key)) index.set(key, at);
  });
  return index;
}
