/** Something that keeps sessions, as a bench uses it. */
export interface Keeper {
  /** Keeps so many sessions of the example; must come first; again, it adds to them. `load` and `save` reach at most `sample` of them, spread evenly. */
  fill(count: number, sample: number): Promise<void>;
  /** One session, by a number below `sample`, with its data as the app would use it. */
  load(index: number): unknown;
  /** Changes one that was loaded before, and stores it. */
  save(index: number): unknown;
}

/** How to open one, at the url of a server or the path of a file. */
export type KeeperSource = (url: string) => Promise<Keeper>;

/** The indexes of a sample out of so many, spread evenly. */
export function sampleOf(count: number, sample: number): readonly number[] {
  const size = Math.min(count, sample);
  return Array.from({ length: size }, (_, index) => Math.floor((index * count) / size));
}

/** The same keys side by side, as those of requests come: while filling, each was put beside its session, one more place that a call would have to go to. */
export function sideBySide(keys: readonly string[]): string[] {
  return keys.map((key) => Buffer.from(key, "latin1").toString("latin1"));
}
