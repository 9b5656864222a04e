import { SessionError } from "../../platform/errors.js";
import type { CallOptions, SessionBackend, SessionRecord } from "../../types/backend.js";
import { bounded, inTime, settled, unconfirmed } from "./answers.js";
import type { Heartbeat } from "./heartbeat.js";
import type { Job, ReplicationQueue } from "./replication-queue.js";
import type { Settlement } from "./settlement.js";
import { isOutage, type Side } from "./side.js";
import { isSameWrite, isTombstone, newest, visible } from "./tombstone.js";

/** The two sides, and what a write waits for. */
export interface ReplicatorOptions {
  readonly primary: Side;
  readonly secondary: Side;
  readonly settlement: Settlement;
  readonly queue: ReplicationQueue;
  readonly mode: "async" | "sync" | "acknowledged";
  readonly failover: "read" | "write";
  readonly heartbeat: Heartbeat;
  /** How long the primary may take for a write that nothing stands in for, in milliseconds. */
  readonly deadline: number;
}

/** A conditional write, as either side can be asked for it. */
export interface Write extends Job {
  readonly on: (backend: SessionBackend, signal?: AbortSignal) => Promise<boolean>;
  /** The primary has it wait for others of its tenant. */
  readonly waitsForTurn?: boolean;
  /** Neither side can refuse it in a way that matters, so that both may be asked at once. */
  readonly isParallel: boolean;
}

/** Reads and writes of one session on two sides. */
export class Replicator {
  readonly #options: ReplicatorOptions;

  constructor(options: ReplicatorOptions) {
    this.#options = options;
  }

  /** The job of the queue. */
  async copy(job: Job): Promise<void> {
    const { secondary, settlement } = this.#options;
    const { known, as } = job;
    if (known !== null && as !== "settle" && !isTombstone(known) && (await this.#mayTake(job))) {
      if (await secondary.ask((backend) => backend[as](known))) return;
    }
    await settlement.settle(job);
  }

  async load(id: string): Promise<SessionRecord | null> {
    const { primary, queue, failover, heartbeat } = this.#options;
    const byWriteId = failover === "write";
    const known = queue.knownOf(id);
    // What the primary has is what it was before, or a backup.
    if (isDeleted(known)) return null;
    const fromPrimary = primary.ask((backend) => backend.load(id));
    // The first question begins the heartbeat.
    const early = heartbeat.mayBeSetBack || byWriteId ? this.#copyOf(id) : null;
    const [first] = await Promise.allSettled([fromPrimary]);
    if (first.status === "rejected" && !isOutage(first.reason)) throw first.reason;
    // A tombstone stands there until the secondary has it; who was to bring it may have died.
    if (isDeleted(settledValue(first)) && known === null) queue.push(this.#deletion(id));
    const isEnough = early === null && settledValue(first) !== null && !heartbeat.mayBeSetBack;
    if (isEnough) return visible(settledValue(first));
    let second = await (early ?? this.#copyOf(id));
    if (first.status === "fulfilled") {
      // Asked at the same time, it may have shown a session whose tombstone has left the primary since.
      if (first.value === null && early !== null && visible(second?.value) !== null)
        second = await this.#copyOf(id);
      if (second === null && !isDeleted(first.value) && (await heartbeat.isKnownSetBack()))
        throw new SessionError(
          "unavailable",
          "The primary session backend has lost what it had, and the secondary does not answer.",
        );
      // What is missing on a primary that answers is missing, unless the secondary has it: a write that waits does not count.
      return visible(newest([first.value, second?.value], byWriteId));
    }
    if (second === null && known === null) throw first.reason;
    return visible(newest([second?.value, known], true));
  }

  async write(write: Write, call: CallOptions | undefined): Promise<boolean> {
    const { primary, secondary, queue, mode, failover, deadline, heartbeat } = this.#options;
    // It could go over less than was acknowledged, or over what has ended.
    if (write.as !== "create" && heartbeat.mayBeSetBack && (await heartbeat.isSetBack()))
      await this.#isBroughtUpToDate(write.id);
    const isEarly = mode === "sync" && write.isParallel;
    const early = isEarly ? settled(secondary.ask(write.on)) : null;
    const patience = failover === "read" ? deadline : undefined;
    const isSent = !primary.isDown;
    const ask = (): Promise<boolean> =>
      write.waitsForTurn ? primary.askInTurn(write.on, patience) : primary.ask(write.on, patience);
    let isWritten: boolean;
    try {
      isWritten = await ask();
      if (!isWritten && (await this.#catchUp(write.id))) isWritten = await ask();
    } catch (error) {
      // It may have been done: one side would have it alone, and nobody else would know.
      if (early !== null || (isSent && (isOutage(error) || write.waitsForTurn)))
        queue.push({ ...write, known: null, as: "settle" });
      if (failover === "read" || !isOutage(error)) throw error;
      return this.#writeToSecondary(write);
    }
    if (!isWritten) {
      if ((await early)?.value) queue.push({ ...write, known: null, as: "settle" });
      return false;
    }
    if ((await early)?.value) {
      // Two expiries that cross each other are put in order afterwards.
      if (write.as === "settle") queue.push(write);
    } else await this.#replicate(write, call);
    return true;
  }

  /** Answers when both sides have the tombstone; when only the primary has, it is final for as long as that is up. */
  async delete(id: string, call: CallOptions | undefined): Promise<boolean> {
    const { primary, secondary, settlement, queue, failover } = this.#options;
    const job = this.#deletion(id);
    const wasPending = isDeleted(queue.knownOf(id));
    try {
      const found = await settlement.bury(primary, id, "leave");
      const had = found === "buried" || (found === "absent" && !wasPending && (await this.#buryCopy(id)));
      await this.#spread(job, call);
      return had;
    } catch (error) {
      if (!isOutage(error)) throw error;
      // Whatever the answer is, the user wants to be logged out.
      queue.push(job);
      const found = await settlement.bury(secondary, id, "create");
      if (failover === "read") throw error;
      return found === "buried";
    }
  }

  /**
   * Deletes what must make room: on the primary at once, since a tombstone there may take the room itself. So the
   * secondary is told first, or what it has would be found where the primary has nothing. `false` when it was gone:
   * not when a copy that was on its way found the tombstone of this call on the secondary, and cleared the primary by it.
   */
  async evict(id: string): Promise<boolean> {
    const { primary, secondary, settlement, queue, deadline } = this.#options;
    const copy = await inTime(settled(settlement.bury(secondary, id, "create")), deadline / 3);
    const isBuriedHere = copy !== null && copy.value !== "tombstone";
    try {
      return (await primary.ask((backend) => backend.delete(id))) || isBuriedHere;
    } finally {
      // Also when that failed: it may have been done, and the secondary has been told.
      queue.push(this.#deletion(id));
    }
  }

  /** Copies what the primary has taken, as the mode demands. */
  async #replicate(job: Job, call: CallOptions | undefined): Promise<void> {
    const { queue, mode } = this.#options;
    if (mode === "async") return queue.push(job);
    await bounded(queue.confirm(job, call?.signal), call?.signal).catch((error: unknown) => {
      // A comparison that copies the same session is not another request that changed it.
      throw error instanceof SessionError && error.code === "conflict" ? unconfirmed("unavailable") : error;
    });
  }

  async #writeToSecondary(write: Write): Promise<boolean> {
    const { secondary, queue } = this.#options;
    if (!(await this.#mayTake(write)) || !(await secondary.ask(write.on))) return false;
    queue.push({ ...write, expiryOf: "secondary", as: "settle" });
    return true;
  }

  /**
   * Whether a save finds on the secondary what it is to replace, and a touch what is alive. A secondary that was behind when its session was
   * deleted has a tombstone of just the revision that a later one names. What is seen here first is safe: a
   * tombstone that comes over it meanwhile has the revision of the save itself.
   */
  async #mayTake({ as, id, known }: Job): Promise<boolean> {
    if (as === "create") return true;
    const current = await this.#options.secondary.ask((backend) => backend.load(id));
    if (current === null || isTombstone(current)) return false;
    return known === null || current.revision === known.revision - 1 || isSameWrite(current, known);
  }

  /** After a refusal: whether a primary that was behind, or had lost the session, has been brought up to date. */
  async #catchUp(id: string): Promise<boolean> {
    const { primary, secondary, failover } = this.#options;
    if (secondary.isDown) return false;
    if (failover === "read" && (await primary.ask((backend) => backend.load(id))) !== null) return false;
    return this.#isBroughtUpToDate(id);
  }

  async #isBroughtUpToDate(id: string): Promise<boolean> {
    const { secondary, settlement, queue } = this.#options;
    if (secondary.isDown) return false;
    const claim = { id, known: queue.knownOf(id), expiryOf: "primary" } as const;
    return (await settled(settlement.settle(claim))) !== null;
  }

  #copyOf(id: string): Promise<{ readonly value: SessionRecord | null } | null> {
    return settled(this.#options.secondary.ask((backend) => backend.load(id)));
  }

  #deletion(id: string): Job {
    const known = this.#options.settlement.tombstone(id, null);
    return { id, known, expiryOf: "primary", as: "settle" };
  }

  /** Brings a deletion to the secondary, if it answers in time; else it follows. */
  async #spread(job: Job, call: CallOptions | undefined): Promise<void> {
    const { secondary, settlement, queue, mode, deadline } = this.#options;
    const buried = settlement.bury(secondary, job.id, "create").then(() => true);
    const isThere = await inTime(settled(buried), deadline / 3);
    if (isThere || mode === "async") queue.push(job);
    else await bounded(queue.confirm(job, call?.signal), call?.signal).catch(() => {});
  }

  /**
   * Puts a tombstone on a primary that has nothing, unless the secondary has nothing to copy there. Whether the
   * secondary has the session.
   */
  async #buryCopy(id: string): Promise<boolean> {
    const { primary, settlement } = this.#options;
    const copy = await this.#copyOf(id);
    const isLive = visible(copy?.value) !== null;
    if (isLive || copy === null) await settlement.bury(primary, id, "create");
    return isLive;
  }
}

function isDeleted(known: SessionRecord | null): boolean {
  return known !== null && isTombstone(known);
}

function settledValue<T>(answer: PromiseSettledResult<T>): T | null {
  return answer.status === "fulfilled" ? answer.value : null;
}
