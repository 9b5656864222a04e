import { SessionError } from "../../platform/errors.js";
import { startTimeout } from "../../platform/start-timeout.js";
import type { SessionBackend, SessionRecord } from "../../types/backend.js";
import { type Entry, fromCacheRecord, toCacheRecord } from "./entry.js";

/** Which cache it is, and for how long it is waited for and believed. */
export interface CacheSideOptions {
  readonly cache: SessionBackend;
  /** How long the cache may take for one thing, in milliseconds. */
  readonly patience: number;
  /** How long an entry is trusted, in milliseconds. */
  readonly trust: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly warn: (message: string) => void;
}

/** What the cache was seen to hold. */
export interface Seen {
  readonly cached: SessionRecord | null;
  readonly entry: Entry | null;
}

/**
 * The cache, which may fail or freeze without anyone noticing but the log. After a failure it is left alone for a
 * second, so that one request in a second waits for it, not each. Its answer to every call is also "no answer".
 */
export class CacheSide {
  readonly #options: CacheSideOptions;
  #failedAt = Number.NEGATIVE_INFINITY;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: CacheSideOptions) {
    this.#options = options;
  }

  /** Whether an entry of this age is in force: neither too old nor from a clock that is ahead. */
  isInForce(since: number): boolean {
    const age = this.#options.clock() - since;
    return age >= 0 && age < this.#options.trust;
  }

  /** What the cache holds, or `undefined` when it does not answer. */
  look(id: string): Promise<Seen | undefined> {
    return this.#try(() => this.#look(id));
  }

  /** Puts what the store was found to hold where nothing has changed since the cache was seen. */
  async refill(seen: Seen, record: SessionRecord, since: number): Promise<void> {
    const isBuried = seen.entry?.record === null && this.isInForce(seen.entry.since);
    if (isBuried || !this.isInForce(since) || record.expiresAt <= this.#options.clock()) return;
    await this.#try(() => this.#replace(record.id, seen, { record, since }));
  }

  /** Puts a record that was just written. `false` unless the cache has it now, or what is newer. */
  async put(record: SessionRecord, since: number): Promise<boolean> {
    const isKnown = (entry: Entry): boolean =>
      entry.record === null ||
      entry.record.revision > record.revision ||
      (entry.record.revision === record.revision && entry.since > since);
    return (await this.#try(() => this.#change(record.id, () => ({ record, since }), isKnown))) ?? false;
  }

  /** Moves the expiry of the entry, if it is of this revision. `false` when the cache did not answer. */
  async touch(id: string, revision: number, expiresAt: number): Promise<boolean> {
    const touched = (entry: Entry | null): Entry | null =>
      entry?.record?.revision === revision ? { ...entry, record: { ...entry.record, expiresAt } } : null;
    return (await this.#try(() => this.#change(id, touched, () => false))) ?? false;
  }

  /** Puts a tombstone over whatever is there. `false` when the cache did not answer. */
  async bury(id: string, since: number): Promise<boolean> {
    return (
      (await this.#try(() =>
        this.#change(
          id,
          () => ({ record: null, since }),
          () => false,
        ),
      )) ?? false
    );
  }

  /** Compares and swaps until it succeeds, or what is in force settles it. */
  async #change(
    id: string,
    next: (entry: Entry | null) => Entry | null,
    isSettledBy: (entry: Entry) => boolean,
  ): Promise<boolean> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const seen = await this.#look(id);
      if (seen.entry !== null && this.isInForce(seen.entry.since) && isSettledBy(seen.entry)) return true;
      const entry = next(seen.entry);
      if (entry === null || (await this.#replace(id, seen, entry))) return true;
    }
    return false;
  }

  async #look(id: string): Promise<Seen> {
    const cached = await this.#options.cache.load(id);
    return { cached, entry: cached && fromCacheRecord(cached) };
  }

  #replace(id: string, { cached }: Seen, entry: Entry): Promise<boolean> {
    const { cache, trust } = this.#options;
    const end = entry.since + trust;
    const expiresAt = Math.min(entry.record?.expiresAt ?? end, end);
    const next = toCacheRecord(entry, { id, revision: (cached?.revision ?? 0) + 1, expiresAt });
    return cached === null ? cache.create(next) : cache.save(next);
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { clock, patience } = this.#options;
    const sinceFailure = clock() - this.#failedAt;
    if (sinceFailure >= 0 && sinceFailure < pauseAfterFailure) return undefined;
    let stop = (): void => {};
    const late = new Promise<never>((_, reject) => {
      stop = startTimeout(patience, () => reject(new SessionError("timeout", "The cache is too slow.")));
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      this.#fail(error);
      return undefined;
    } finally {
      stop();
    }
  }

  #fail(error: unknown): void {
    const { clock, warn } = this.#options;
    this.#failedAt = clock();
    const sinceWarning = this.#failedAt - this.#warnedAt;
    if (sinceWarning >= 0 && sinceWarning < pauseBetweenWarnings) return;
    this.#warnedAt = this.#failedAt;
    // Not the message of a foreign error: it may hold a url with a password.
    const reason = error instanceof SessionError ? `${error.code}: ${error.message}` : "unavailable";
    warn(`The session cache failed (${reason}); sessions come from the store until it answers again.`);
  }
}

const mostTries = 8;
const pauseAfterFailure = 1000;
const pauseBetweenWarnings = 60_000;
