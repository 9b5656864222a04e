import { KeyedQueue } from "../../platform/keyed-queue.js";
import type { BackOff } from "./back-off.js";
import type { Claim } from "./settlement.js";
import { isTombstone, newest } from "./tombstone.js";

/** What waits to be copied: small while both sides are up. */
export interface ReplicationState {
  /** How many sessions wait. */
  readonly size: number;
  /** How many were given up because too many waited; a comparison of both sides makes up for them. */
  readonly dropped: number;
  /** How long the one that waits longest has waited, in milliseconds; 0 when none does. */
  readonly oldestAge: number;
}

/** One session that waits. */
export interface Job extends Claim {
  /** A write that the secondary can take as it is, when it has the one before; anything else is compared. */
  readonly as: "create" | "save" | "settle";
}

/** How jobs are done, and who hears of them. */
export interface ReplicationQueueOptions {
  /** Does the job, or rejects. */
  readonly work: (job: Job) => Promise<void>;
  readonly capacity: number;
  readonly backOff: BackOff;
  /** Milliseconds; only differences count. */
  readonly clock: () => number;
  /** Whether the write id decides between equal revisions. */
  readonly byWriteId: boolean;
  /** Told once an outage, after as many failures as there are attempts, and once a minute at most. */
  readonly onOutage: (size: number) => void;
  /** Told when the last job is done. */
  readonly onEmpty: () => void;
}

interface Waiting {
  readonly job: Job;
  readonly since: number;
}

/**
 * Sessions that wait to be copied, each once, with the newest that is known of it. Keeps trying, one at a time
 * while the jobs fail and several at once while they succeed, and never rejects by itself. Its timers keep no process alive.
 */
export class ReplicationQueue implements ReplicationState {
  readonly #options: ReplicationQueueOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #turns = new KeyedQueue();
  readonly #running = new Set<string>();
  /** How many wait for a job: until they have heard of it, it is not given up. */
  readonly #confirming = new Map<string, number>();
  #dropped = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReplicationQueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get oldestAge(): number {
    const now = this.#options.clock();
    let oldest = 0;
    for (const { since } of this.#waiting.values()) oldest = Math.max(oldest, now - since);
    return oldest;
  }

  /** What is known of a session and not yet copied. */
  knownOf(id: string): Claim["known"] {
    return this.#waiting.get(id)?.job.known ?? null;
  }

  /** What is claimed of a session: by what waits, else nothing. */
  claimOf(id: string): Claim {
    return this.#waiting.get(id)?.job ?? { id, known: null, expiryOf: "primary" };
  }

  /** Does the job in the background. */
  push(job: Job): void {
    this.#add(job);
    this.#pump();
  }

  /** Does the job as often as there are attempts; then it rejects, and the job goes on in the background. */
  async confirm(job: Job, signal?: AbortSignal): Promise<void> {
    const { id } = job;
    this.#confirming.set(id, (this.#confirming.get(id) ?? 0) + 1);
    this.#add(job);
    try {
      await this.#try(id, signal);
    } finally {
      const others = (this.#confirming.get(id) ?? 1) - 1;
      if (others > 0) this.#confirming.set(id, others);
      else this.#confirming.delete(id);
      this.#drop();
    }
  }

  /** Does a job as often as there are attempts. */
  async #try(id: string, signal: AbortSignal | undefined): Promise<void> {
    const { attempts, delayAfter } = this.#options.backOff;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(id);
      } catch (error) {
        if (attempt < attempts && !signal?.aborted) {
          await new Promise((resolve) => setTimeout(resolve, delayAfter(attempt)));
          continue;
        }
        this.#failed();
        throw error;
      }
    }
  }

  /** Tries again now: what failed may succeed. */
  wake(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#failures = 0;
    this.#pump();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #add(job: Job): void {
    const before = this.#waiting.get(job.id);
    const known = newest([job.known, before?.job.known], this.#options.byWriteId);
    // Behind another job nothing is certain, so both sides are compared.
    const merged = before === undefined ? job : { ...job, known, as: "settle" as const };
    this.#waiting.set(job.id, { job: merged, since: before?.since ?? this.#options.clock() });
    this.#drop();
  }

  /** When too much waits, gives up what has waited longest and nobody waits for; deletions last. */
  #drop(): void {
    if (this.#waiting.size <= this.#options.capacity) return;
    let victim: string | undefined;
    for (const [id, { job }] of this.#waiting) {
      if (this.#confirming.has(id)) continue;
      victim ??= id;
      if (job.known !== null && isTombstone(job.known)) continue;
      victim = id;
      break;
    }
    if (victim === undefined) return;
    this.#waiting.delete(victim);
    this.#dropped += 1;
  }

  /** Does what waits under an id, if anything still does. */
  #attempt(id: string): Promise<void> {
    return this.#turns.run(id, async () => {
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) return;
      await this.#options.work(waiting.job);
      if (this.#waiting.get(id) === waiting) this.#waiting.delete(id);
      this.#failures = 0;
      if (this.#waiting.size === 0) this.#options.onEmpty();
    });
  }

  #pump(): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    const limit = this.#failures === 0 ? mostAtOnce : 1;
    if (this.#running.size >= limit) return;
    for (const id of this.#waiting.keys()) {
      if (this.#running.has(id)) continue;
      this.#running.add(id);
      void this.#run(id);
      if (this.#running.size >= limit) return;
    }
  }

  async #run(id: string): Promise<void> {
    try {
      await this.#attempt(id);
    } catch {
      // To the end of the line: what only fails for one session must not hold up the others.
      const waiting = this.#waiting.get(id);
      if (waiting !== undefined) {
        this.#waiting.delete(id);
        this.#waiting.set(id, { ...waiting, job: { ...waiting.job, as: "settle" } });
      }
      this.#failed();
    } finally {
      this.#running.delete(id);
      this.#pump();
    }
  }

  #failed(): void {
    this.#failures += 1;
    const { backOff } = this.#options;
    if (this.#failures === backOff.attempts) this.#warn();
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, backOff.delayAfter(this.#failures));
    this.#timer.unref?.();
  }

  /** One that fails for itself alone, among others that succeed, looks like many outages. */
  #warn(): void {
    const { clock, onOutage } = this.#options;
    const sinceWarning = clock() - this.#warnedAt;
    if (sinceWarning >= 0 && sinceWarning < pauseBetweenWarnings) return;
    this.#warnedAt = clock();
    onOutage(this.#waiting.size);
  }
}

const mostAtOnce = 16;
const pauseBetweenWarnings = 60_000;
