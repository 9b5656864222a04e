import { SessionError } from "../../platform/errors.js";
import type { SessionRecord } from "../../types/backend.js";
import type { Side } from "./side.js";
import { createTombstone, isSameWrite, isTombstone, newest } from "./tombstone.js";

/** What is known of a session that the two sides may not agree about. */
export interface Claim {
  readonly id: string;
  /** The last acknowledged write or tombstone that this process knows of. */
  readonly known: SessionRecord | null;
  /** Whose expiry counts where both have the same write. */
  readonly expiryOf: "primary" | "secondary";
}

/** The two sides, and what decides between them. */
export interface SettlementOptions {
  readonly primary: Side;
  readonly secondary: Side;
  /** Whether the write id decides between equal revisions: both sides may have taken writes. Else the primary's counts. */
  readonly byWriteId: boolean;
  /** How long a tombstone is kept, in milliseconds. */
  readonly absolute: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Brings the two sides to one record by compare-and-swap alone, so that any number of processes may do it at once.
 *
 * A side that is behind is taken up revision by revision; none is ever deleted to be written anew, so no copy can
 * come over a tombstone: who has seen it stops, who looked before is refused. Where both have the same revision of
 * different writes, both go on to the next with what the winner holds. A tombstone stays on the secondary side, for
 * the absolute lifetime; on the primary side it only stands in until the secondary has it.
 */
export class Settlement {
  readonly #options: SettlementOptions;

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /** Returns when both were seen to agree. Rejects when one is down; the secondary then has what is known if it is up. */
  async settle({ id, known, expiryOf }: Claim): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const [primary] = await Promise.allSettled([this.#options.primary.ask((backend) => backend.load(id))]);
      // Afterwards: where a tombstone has left the primary, the secondary has it by then. Asked before, it may show a
      // session that has ended, which would be taken for one that the primary has lost.
      const secondary = await this.#options.secondary.ask((backend) => backend.load(id));
      if (primary.status === "rejected") {
        // The copy first: what is known of the same write may be of before a touch.
        const target = newest([secondary, known], this.#options.byWriteId);
        if (target !== null) await this.#raise(this.#options.secondary, secondary, target);
        throw primary.reason;
      }
      // Two who each follow another side could exchange the two expiries for ever.
      const claim = { id, known, expiryOf: tries < 2 ? expiryOf : "later" } as const;
      if (await this.#isSettled(claim, primary.value, secondary)) return;
    }
    throw new SessionError("conflict", "A session is written too often to be copied now.");
  }

  /** Puts a tombstone over what a side has; over nothing only where that is asked for. */
  async bury(
    side: Side,
    id: string,
    overNothing: "leave" | "create",
  ): Promise<"buried" | "tombstone" | "absent"> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const current = await side.ask((backend) => backend.load(id));
      if (current === null) {
        if (overNothing === "leave") return "absent";
        if (await side.ask((backend) => backend.create(this.tombstone(id, null)))) return "absent";
        continue;
      }
      if (isTombstone(current)) return "tombstone";
      // The primary is to find the tenant when the tombstone goes; on the secondary it is of nobody.
      const tenant = side === this.#options.primary ? current.tenant : null;
      const tombstone = this.tombstone(id, { ...current, tenant });
      if (await side.ask((backend) => backend.save(tombstone))) return "buried";
    }
    throw new SessionError("conflict", "A session is written too often to be deleted now.");
  }

  tombstone(id: string, over: Pick<SessionRecord, "tenant" | "revision"> | null): SessionRecord {
    const now = this.#options.clock();
    return createTombstone(id, over, { now, expiresAt: now + this.#options.absolute });
  }

  /** Whether nothing was left to do; else one step has been taken. */
  async #isSettled(
    { id, known, expiryOf }: Omit<Claim, "expiryOf"> & { readonly expiryOf: Claim["expiryOf"] | "later" },
    primary: SessionRecord | null,
    secondary: SessionRecord | null,
  ): Promise<boolean> {
    const { byWriteId } = this.#options;
    const target = newest([primary, secondary, known], byWriteId);
    if (target === null) return true;
    if (isTombstone(target)) return this.#isBuried(id, primary, secondary);
    const isOver = target.expiresAt <= this.#options.clock();
    // It would be swept, or forgotten, while it is being copied.
    if (isOver && secondary === null && primary !== null && isSameWrite(primary, target)) return true;
    const isNowhereNeeded = primary === null && isOver;
    if (isNowhereNeeded && (secondary === null || isSameWrite(secondary, target))) return true;
    const rivals = [primary, secondary].filter((record) => record !== null);
    if (rivals.some((record) => record.revision === target.revision && !isSameWrite(record, target))) {
      await this.#raiseBoth(
        primary,
        secondary,
        { ...target, revision: target.revision + 1 },
        isNowhereNeeded,
      );
      return false;
    }
    const isOne =
      primary !== null &&
      secondary !== null &&
      isSameWrite(primary, target) &&
      isSameWrite(secondary, target);
    if (isOne && primary.expiresAt === secondary.expiresAt) return true;
    const expiries = isOne && {
      primary: primary.expiresAt,
      secondary: secondary.expiresAt,
      later: Math.max(primary.expiresAt, secondary.expiresAt),
    };
    const expiresAt = expiries ? expiries[expiryOf] : target.expiresAt;
    await this.#raiseBoth(primary, secondary, { ...target, expiresAt }, isNowhereNeeded);
    return false;
  }

  async #isBuried(
    id: string,
    primary: SessionRecord | null,
    secondary: SessionRecord | null,
  ): Promise<boolean> {
    if (secondary === null || !isTombstone(secondary)) {
      const tombstone = this.tombstone(id, secondary && { ...secondary, tenant: null });
      await this.#options.secondary.ask((backend) =>
        secondary === null ? backend.create(tombstone) : backend.save(tombstone),
      );
      return false;
    }
    if (primary === null) return true;
    await this.#options.primary.ask((backend) => backend.delete(id));
    return false;
  }

  async #raiseBoth(
    primary: SessionRecord | null,
    secondary: SessionRecord | null,
    target: SessionRecord,
    isSecondaryOnly: boolean,
  ): Promise<void> {
    if (!isSecondaryOnly) await this.#raise(this.#options.primary, primary, target);
    await this.#raise(this.#options.secondary, secondary, target);
  }

  /** Takes a side from what it has to what is newer, as far as nobody else writes there. */
  async #raise(side: Side, current: SessionRecord | null, target: SessionRecord): Promise<void> {
    if (current === null) {
      await side.ask((backend) => backend.create(target));
    } else if (isTombstone(target)) {
      if (!isTombstone(current))
        await side.ask((backend) => backend.save(this.tombstone(target.id, { ...current, tenant: null })));
    } else if (isSameWrite(current, target)) {
      const { id, revision, expiresAt } = target;
      if (current.expiresAt !== expiresAt)
        await side.ask((backend) => backend.touch(id, revision, expiresAt));
    } else {
      for (let revision = current.revision + 1; revision <= target.revision; revision += 1) {
        if (!(await side.ask((backend) => backend.save({ ...target, revision })))) return;
      }
    }
  }
}

const mostTries = 8;
