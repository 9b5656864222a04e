import { type Duration, toMilliseconds } from "../platform/duration.js";
import type { BackendAbilities, SessionBackend, SessionRecord } from "../types/backend.js";
import { createEvictions } from "./evictions.js";
import { replicatedAbilities } from "./replicated/abilities.js";
import { createParts } from "./replicated/parts.js";
import { assertReplicatedOptions, type ReplicatedBackendOptions } from "./replicated/replicated-options.js";
import type { ReplicationState } from "./replicated/replication-queue.js";
import { isTombstone } from "./replicated/tombstone.js";

export type { RetryOptions } from "./replicated/back-off.js";
export type { ReplicatedBackendOptions } from "./replicated/replicated-options.js";
export type { ReplicationState } from "./replicated/replication-queue.js";

/** Sessions on two sides. */
export interface ReplicatedBackend<A extends BackendAbilities> extends SessionBackend<A> {
  /** What waits to be copied. */
  readonly replication: ReplicationState;
  /** Waits until nothing does, but no longer than so long (`"2s"`); `true` when it came to that. */
  drain(patience?: Duration): Promise<boolean>;
  /** Drains, then closes both sides. */
  close(): Promise<void>;
}

/**
 * A primary with a copy of it. The copy has the records exactly as the primary has them.
 *
 * **What fails over.** Reads go to the secondary when the primary fails, and when it has nothing: it may have come
 * back empty. A write that waits to be copied is known here, so that a copy that is behind does not beat it. A side that does not
 * answer in time, or fails three times in a row, is not asked by requests until it has answered in the background.
 * A primary may come back without what it had, empty or from a backup. Both sides keep a number that is raised every few
 * seconds, so that this is noticed by who starts then, and by others soon, also when no call failed. Until all that the
 * secondary has was compared with such a primary, or one that was down, reads and walks ask both, and a write first brings
 * its session up to date. Reads reject while the secondary does not answer about a primary that is known to have lost something.
 *
 * **Logout is final.** A deletion leaves a tombstone on the secondary side, without data or index, for the absolute
 * lifetime, and nothing ever goes over it. In every mode it is answered when both sides have it. A secondary that
 * fails changes nothing: until it has the tombstone, that stands on the primary side, where every process sees it
 * and passes it on. Only when the primary fails as well, before any process could pass it on, does the secondary
 * answer reads with what it has, until one of both is back. While the primary is down a deletion reaches the
 * secondary, and rejects unless `failover` is `"write"`; the primary follows.
 *
 * **What waits** is bounded, one record a session, observable, and tried again with back-off until it succeeds. When a side is up
 * again, or too much waited, both are compared by walking over them, if both can be: what one has lost comes
 * back from the other. In a process that dies what waited is lost; the session's next write, or the next
 * comparison, makes up for it. Until then the copy is an older one, which answers when the primary is down or has
 * lost the session, or has let it go because the write that was not copied made its life shorter; `"sync"` and
 * `"acknowledged"` leave no such copy of what they answered. No failure in the background rejects anywhere; it is
 * warned of once an outage, and once a minute at most.
 *
 * The sides have no way around: what is deleted on one of them by hand comes back.
 */
export function createReplicatedBackend<A extends BackendAbilities>(
  options: ReplicatedBackendOptions<A>,
): ReplicatedBackend<A>;
export function createReplicatedBackend(
  options: ReplicatedBackendOptions<BackendAbilities>,
): ReplicatedBackend<BackendAbilities> {
  assertReplicatedOptions(options);
  const { primary, secondary } = options;
  const parts = createParts(options);
  const { replicator, queue } = parts;
  const evictions = createEvictions();
  const drain = async (patience: Duration = "2s"): Promise<boolean> =>
    parts.drain(toMilliseconds(patience, "drain(patience)"));
  const create = (
    record: SessionRecord,
    on: (backend: SessionBackend) => Promise<boolean>,
    isParallel: boolean,
  ) => ({ id: record.id, known: record, expiryOf: "primary", as: "create", on, isParallel }) as const;

  return {
    atomicity: primary.atomicity,
    ...(primary.place !== undefined &&
      secondary.place !== undefined && {
        place: JSON.stringify(["replicated", primary.place, secondary.place]),
      }),
    replication: queue,
    ...(primary.abilities.limit && { onEviction: evictions.onEviction }),
    abilities: replicatedAbilities({
      primary: parts.primary,
      secondary: parts.secondary,
      isDeleted: (id) => isDeleted(queue.knownOf(id)),
      heartbeat: parts.heartbeat,
      byWriteId: options.failover === "write",
      drain: () => drain(1),
      evict: async (record) => {
        if ((await replicator.evict(record.id)) && !isTombstone(record)) evictions.tell(record);
      },
      write: (record, on, call) =>
        replicator.write({ ...create(record, on, false), waitsForTurn: true }, call),
    }),
    create: (record, call) =>
      replicator.write(
        create(record, (backend) => backend.create(record, call), true),
        call,
      ),
    load: (id) => replicator.load(id),
    save: (record, call) =>
      replicator.write(
        {
          ...create(record, (backend) => backend.save(record, call), false),
          as: "save",
          // Only the primary knows which expiry that is.
          ...(call?.keepsExpiry && ({ known: null, expiryOf: "primary", as: "settle" } as const)),
        },
        call,
      ),
    touch: (id, revision, expiresAt, call) =>
      replicator.write(
        {
          id,
          known: null,
          expiryOf: "primary",
          as: "settle",
          isParallel: true,
          on: (backend) => backend.touch(id, revision, expiresAt, call),
        },
        call,
      ),
    delete: (id, call) => replicator.delete(id, call),
    exists: async (id) => (await replicator.load(id)) !== null,
    drain,
    close: async () => {
      await drain();
      await parts.close();
    },
  };
}

function isDeleted(known: SessionRecord | null): boolean {
  return known !== null && isTombstone(known);
}
