import type { SessionRecord } from "../../types/backend.js";
import { settled } from "./answers.js";
import type { Side } from "./side.js";

/** The two sides that beat, and who hears when one has lost something. */
export interface HeartbeatOptions {
  readonly primary: Side;
  readonly secondary: Side;
  /** Told when a side has lost what it had. */
  readonly onLoss: (side: "primary" | "secondary") => void;
  /** Whether what it has lost is still being looked for. */
  readonly isPrimaryInDoubt: () => boolean;
  /** How long the numbers are kept when nobody raises them, in milliseconds. */
  readonly absolute: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Notices a primary that comes back without what it had though no call has failed: restored from a backup while
 * nothing ran, or restarted faster than calls wait. Both sides keep a number, raised every few seconds, on the
 * primary first; a primary whose number is below the secondary's has been set back.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #openedAt = performance.now();
  #highest = 0;
  #primarySeenAt = Number.NEGATIVE_INFINITY;
  #seenAt = Number.NEGATIVE_INFINITY;
  #expiredAt = Number.NEGATIVE_INFINITY;
  #beating: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  /** The write id of the number of a primary that has been told of as set back; `null` when it had none. */
  #lossAt: string | null | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Whether the primary is without what it had, for all that is known at this moment. */
  get mayBeSetBack(): boolean {
    return this.#options.isPrimaryInDoubt() || this.#isStale;
  }

  /** Whether it is, as far as the secondary answers. */
  async isSetBack(): Promise<boolean> {
    if (this.#isStale) await this.#beat();
    return this.#options.isPrimaryInDoubt();
  }

  /** Whether it is for certain, as far as this process can know without the secondary. */
  async isKnownSetBack(): Promise<boolean> {
    if (!this.#options.isPrimaryInDoubt()) return false;
    if (this.#primarySeenAt <= this.#expiredAt) await this.#beat();
    return this.#lossAt !== undefined;
  }

  /** Has both looked at before the primary is believed: it has failed, and may be another one since. */
  expire(): void {
    this.#expiredAt = performance.now();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Whether both were not seen lately. The first question begins the heartbeat. */
  get #isStale(): boolean {
    const { primary, secondary } = this.#options;
    // One that is down is compared when it is back, and has nothing to say until then.
    if (this.#isClosed || primary.isDown || secondary.isDown) return false;
    const isStale = this.#seenAt <= this.#expiredAt || performance.now() - this.#seenAt > longestSilence;
    if (isStale) void this.#beat();
    return isStale;
  }

  /** Looks at both now; resolves also when one does not answer. */
  #beat(): Promise<void> {
    this.#beating ??= this.#look()
      .catch(() => {
        // Both are looked at again.
      })
      .finally(() => {
        this.#beating = null;
        this.#schedule();
      });
    return this.#beating;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    // With jitter, since most processes start together.
    this.#timer = setTimeout(() => void this.#beat(), interval * (0.75 + Math.random() / 2));
    this.#timer.unref?.();
  }

  async #look(): Promise<void> {
    const { primary, secondary, onLoss } = this.#options;
    const begun = performance.now();
    // In this order a number that is raised meanwhile makes the primary's the higher one.
    const copy = await settled(secondary.ask((backend) => backend.load(heartbeatId)));
    const second = copy?.value ?? null;
    const highest = Math.max(this.#highest, numberOf(second));
    let first = await primary.ask((backend) => backend.load(heartbeatId));
    // Nobody raises it while the secondary is away; and what a cache has answered may be old, which the store refuses to renew.
    const isInQuestion = copy === null || numberOf(first) < highest;
    if (first !== null && isInQuestion && !(await this.#renew(first)))
      first = await primary.ask((backend) => backend.load(heartbeatId));
    const mark = first?.writeId ?? null;
    const isLoss = numberOf(first) < highest;
    this.#highest = Math.max(highest, numberOf(first));
    if (isLoss && this.#lossAt !== mark) onLoss("primary");
    this.#lossAt = isLoss ? mark : undefined;
    this.#primarySeenAt = begun;
    if (copy === null) return;
    if (second === null && numberOf(first) > 1) onLoss("secondary");
    this.#seenAt = begun;
    void this.#raise(first, second).catch(() => {
      // The next one is raised then.
    });
  }

  /** Keeps the primary's number from running out; refused when it is another by now. */
  #renew({ revision }: SessionRecord): Promise<boolean> {
    const { primary, clock, absolute } = this.#options;
    return primary.ask((backend) => backend.touch(heartbeatId, revision, clock() + absolute));
  }

  async #raise(first: SessionRecord | null, second: SessionRecord | null): Promise<void> {
    const { primary, secondary, isPrimaryInDoubt } = this.#options;
    // Until what is missing was found, every process has to see that it is.
    if (isPrimaryInDoubt()) return;
    if (second !== null && numberOf(first) < numberOf(second)) await put(primary, first, second);
    else if (first !== null && numberOf(second) < numberOf(first)) await put(secondary, second, first);
    else if (this.#isDue(first)) {
      const next = this.#after(first);
      if (!(await put(primary, first, next))) return;
      this.#highest = Math.max(this.#highest, numberOf(next));
      await put(secondary, second, next);
    }
  }

  /** A process that ends at once, such as a script, begins nothing; a number that another one has just raised stays. */
  #isDue(current: SessionRecord | null): boolean {
    if (current === null) return performance.now() - this.#openedAt >= longEnough;
    return Math.abs(this.#options.clock() - current.createdAt) >= longEnough;
  }

  #after(current: SessionRecord | null): SessionRecord {
    const now = this.#options.clock();
    return {
      id: heartbeatId,
      tenant: null,
      header: "heartbeat",
      data: new TextEncoder().encode(String(numberOf(current) + 1)),
      revision: (current?.revision ?? 0) + 1,
      writeId: crypto.randomUUID(),
      createdAt: now,
      expiresAt: now + this.#options.absolute,
      indexed: {},
    };
  }
}

/** Gives a side another number; refused when it has not the one any more that was seen. */
function put(side: Side, current: SessionRecord | null, next: SessionRecord): Promise<boolean> {
  return side.ask((backend) =>
    current === null ? backend.create(next) : backend.save({ ...next, revision: current.revision + 1 }),
  );
}

/** Whether a record is the number that a side keeps, and no session. */
export function isHeartbeat(record: SessionRecord): boolean {
  return record.id === heartbeatId;
}

function numberOf(record: SessionRecord | null): number {
  return record === null ? 0 : Number(new TextDecoder().decode(record.data));
}

const heartbeatId = "session-gen-heartbeat";
const interval = 3000;
const longEnough = 1500;
const longestSilence = 10_000;
