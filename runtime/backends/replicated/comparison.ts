import type { SessionRecord } from "../../types/backend.js";
import { isHeartbeat } from "./heartbeat.js";
import type { Claim, Settlement } from "./settlement.js";
import { isOutage, type Side } from "./side.js";
import { isSameWrite, isTombstone } from "./tombstone.js";

/** What is compared, and who settles what differs. */
export interface ComparisonOptions {
  readonly primary: Side;
  readonly secondary: Side;
  readonly settlement: Settlement;
  /** What is known of a session beside what the sides have. */
  readonly claimOf: (id: string) => Claim;
  /** Settles what could not be settled now. */
  readonly postpone: (claim: Claim) => void;
}

/**
 * Walks over both sides and settles what differs: after an outage, since a side may have come back without what
 * it had, and what waited may have been given up. Runs once at a time; asked for meanwhile, it runs again.
 */
export class Comparison {
  readonly #options: ComparisonOptions;
  #running: Promise<void> | null = null;
  #isDue = false;
  #doubts = 0;
  #doubtsCleared = 0;
  #isClosed = false;
  #endPause = (): void => {};

  constructor(options: ComparisonOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /**
   * Whether the primary may be without what it had. Only what the secondary has can tell, so this lasts until all of
   * that has been settled, however often the comparison fails.
   */
  get isPrimaryInDoubt(): boolean {
    return this.#doubtsCleared < this.#doubts;
  }

  /** Begins one, if both sides can be walked over. It begins anew when it fails while both are up. */
  start({ isPrimaryInDoubt = false }: { readonly isPrimaryInDoubt?: boolean } = {}): void {
    if (this.#isClosed) return;
    if (isPrimaryInDoubt) this.#doubts += 1;
    this.#isDue = true;
    this.#running ??= this.#runWhileDue();
  }

  close(): void {
    this.#isClosed = true;
    this.#endPause();
  }

  async #runWhileDue(): Promise<void> {
    while (this.#isDue && !this.#isClosed) {
      this.#isDue = false;
      const { primary, secondary } = this.#options;
      const doubts = this.#doubts;
      try {
        await this.#compare(secondary, primary);
        // Where it cannot be walked over, the other walk at least meets what has ended.
        if (secondary.backend.abilities.scan !== undefined) this.#doubtsCleared = doubts;
        await this.#compare(primary, secondary);
        this.#doubtsCleared = doubts;
      } catch {
        // The recovery of a side that is down begins the next one; one that failed but once is asked again.
        if (primary.isDown || secondary.isDown) continue;
        this.#isDue = true;
        await this.#pause();
      }
    }
    // At once, or who asks for another one now would be told that it runs.
    this.#running = null;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseAfterFailure);
      timer.unref?.();
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #compare(walked: Side, other: Side): Promise<void> {
    const { scan } = walked.backend.abilities;
    if (scan === undefined) return;
    let after: string | undefined;
    do {
      const query = after === undefined ? { limit: pageSize } : { after, limit: pageSize };
      const page = await walked.askAtLength(() => scan.scan(query));
      for (let at = 0; at < page.records.length; at += atOnce) {
        await Promise.all(
          page.records.slice(at, at + atOnce).map((record) => this.#compareOne(record, other)),
        );
      }
      after = page.next;
    } while (after !== undefined && !this.#isClosed);
  }

  async #compareOne(record: SessionRecord, other: Side): Promise<void> {
    if (isHeartbeat(record)) return;
    const { primary, settlement, claimOf, postpone } = this.#options;
    const found = await other.ask((backend) => backend.load(record.id));
    if (isTombstone(record) && found === null && other === primary) return;
    if (found !== null && isSameWrite(record, found) && record.expiresAt === found.expiresAt) return;
    const claim = claimOf(record.id);
    try {
      await settlement.settle(claim);
    } catch (error) {
      if (isOutage(error)) throw error;
      // One that is written too often now, or that one side refuses, holds up no other.
      postpone(claim);
    }
  }
}

const pageSize = 200;
const atOnce = 8;
const pauseAfterFailure = 1000;
