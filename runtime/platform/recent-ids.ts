/** So many take about 10 MB. */
const most = 100_000;

/** The last 100,000 ids that were added. */
export class RecentIds {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    // The latest is the last to be forgotten.
    this.#ids.delete(id);
    this.#ids.add(id);
    if (this.#ids.size <= most) return;
    const [oldest] = this.#ids;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }
}
