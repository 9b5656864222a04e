import type { SessionRecord } from "../backend.js";
import type { Claim, Settlement } from "./settlement.js";
import type { Side } from "./side.js";
import { isSameWrite, isTombstone } from "./tombstone.js";

export interface ComparisonOptions {
  readonly primary: Side;
  readonly secondary: Side;
  readonly settlement: Settlement;
  /** What is known of a session beside what the sides have. */
  readonly claimOf: (id: string) => Claim;
}

/**
 * Walks over both sides and settles what differs: after an outage, since a side may have come back without what
 * it had, and what waited may have been given up. Runs once at a time; asked for meanwhile, it runs again.
 */
export class Comparison {
  readonly #options: ComparisonOptions;
  #running: Promise<void> | null = null;
  #isDue = false;
  #isClosed = false;

  constructor(options: ComparisonOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Begins one, if both sides can be walked over. What fails is left to the next outage's end. */
  start(): void {
    this.#isDue = true;
    this.#running ??= this.#runWhileDue().finally(() => {
      this.#running = null;
    });
  }

  close(): void {
    this.#isClosed = true;
  }

  async #runWhileDue(): Promise<void> {
    while (this.#isDue && !this.#isClosed) {
      this.#isDue = false;
      const { primary, secondary } = this.#options;
      try {
        await this.#compare(primary, secondary);
        await this.#compare(secondary, primary);
      } catch {
        // The side that failed is down, and its recovery begins the next one; or a session is busy, and copied by its next write.
      }
    }
  }

  async #compare(walked: Side, other: Side): Promise<void> {
    const { scan } = walked.backend.abilities;
    if (scan === undefined) return;
    let after: string | undefined;
    do {
      const query = after === undefined ? { limit: pageSize } : { after, limit: pageSize };
      const page = await walked.ask(() => scan.scan(query));
      for (let at = 0; at < page.records.length; at += atOnce) {
        await Promise.all(
          page.records.slice(at, at + atOnce).map((record) => this.#compareOne(record, other)),
        );
      }
      after = page.next;
    } while (after !== undefined && !this.#isClosed);
  }

  async #compareOne(record: SessionRecord, other: Side): Promise<void> {
    const found = await other.ask((backend) => backend.load(record.id));
    if (isTombstone(record) && found === null && other === this.#options.primary) return;
    if (found !== null && isSameWrite(record, found) && record.expiresAt === found.expiresAt) return;
    await this.#options.settlement.settle(this.#options.claimOf(record.id));
  }
}

const pageSize = 200;
const atOnce = 8;
