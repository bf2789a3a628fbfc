/** What is made when it is first asked for, once; a failure is forgotten. */
export class Remembered<T> {
  #value: Promise<T> | undefined;

  /**
   * What was made, or is being made, else what is made now.
   *
   * @param make Makes it; it is called again only after it failed.
   * @returns What was made.
   */
  get(make: () => Promise<T>): Promise<T> {
    if (this.#value !== undefined) return this.#value;
    const value = make();
    this.#value = value;
    value.catch(() => {
      if (this.#value === value) this.#value = undefined;
    });
    return value;
  }

  /**
   * Forgets what was made.
   *
   * @returns What it was, or undefined where there was nothing.
   */
  forget(): Promise<T> | undefined {
    const value = this.#value;
    this.#value = undefined;
    return value;
  }
}
