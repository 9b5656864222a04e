import { toMilliseconds } from "../../platform/duration.js";
import { createWarner } from "../../platform/warner.js";
import type { BackendAbilities } from "../../types/backend.js";
import { createBackOff } from "./back-off.js";
import { Comparison } from "./comparison.js";
import { Heartbeat } from "./heartbeat.js";
import type { ReplicatedBackendOptions } from "./replicated-options.js";
import { ReplicationQueue } from "./replication-queue.js";
import { Replicator } from "./replicator.js";
import { Settlement } from "./settlement.js";
import { Side } from "./side.js";

/** What a replicated backend is made of. */
export interface Parts {
  readonly primary: Side;
  readonly secondary: Side;
  readonly queue: ReplicationQueue;
  readonly replicator: Replicator;
  readonly heartbeat: Heartbeat;
  drain(milliseconds: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Makes the parts from the options. Throws `SessionError` `"config"` for impossible ones. */
export function createParts(options: ReplicatedBackendOptions<BackendAbilities>): Parts {
  const { clock = Date.now, mode = "async", failover = "read" } = options;
  const deadline = toMilliseconds(options.deadline ?? "2s", "deadline");
  const byWriteId = failover === "write";
  const warn = createWarner(options.logger);
  let droppedBefore = 0;
  const sideOf = (name: "primary" | "secondary"): Side =>
    new Side({
      name,
      backend: options[name],
      patience: deadline / 3,
      onRecovery() {
        // It may be another one, that was restored from what it once was.
        comparison.start({ isPrimaryInDoubt: name === "primary" });
        queue.wake();
      },
      onFailure() {
        if (name === "primary") heartbeat.expire();
      },
    });
  const [primary, secondary] = [sideOf("primary"), sideOf("secondary")];
  const absolute = toMilliseconds(options.absolute ?? "14d", "absolute");
  const settlement = new Settlement({ primary, secondary, byWriteId, clock, absolute });
  const sides = { primary, secondary, settlement };
  const comparison: Comparison = new Comparison({
    ...sides,
    claimOf: (id) => queue.claimOf(id),
    postpone: (claim) => queue.push({ ...claim, as: "settle" }),
  });
  const queue: ReplicationQueue = new ReplicationQueue({
    work: (job) => replicator.copy(job),
    capacity: options.capacity ?? 10_000,
    backOff: createBackOff(options.retry ?? {}, options.random ?? Math.random),
    clock,
    byWriteId,
    onOutage: (size) =>
      warn(`Sessions cannot be copied from one side to the other; ${size} wait. It is tried again.`),
    onEmpty: () => {
      if (queue.dropped > droppedBefore) comparison.start();
      droppedBefore = queue.dropped;
    },
  });
  const heartbeat: Heartbeat = new Heartbeat({
    ...sides,
    onLoss: (side) => comparison.start({ isPrimaryInDoubt: side === "primary" }),
    isPrimaryInDoubt: () => comparison.isPrimaryInDoubt,
    absolute,
    clock,
  });
  const told = { mode, failover, deadline, heartbeat };
  const replicator: Replicator = new Replicator({ ...sides, ...told, queue });
  return {
    ...sides,
    queue,
    replicator,
    heartbeat,
    drain: (milliseconds) => drain(queue, comparison, milliseconds),
    close: async () => {
      queue.close();
      comparison.close();
      heartbeat.close();
      await closeBoth(primary, secondary);
    },
  };
}

async function closeBoth(...sides: readonly Side[]): Promise<void> {
  const closed = await Promise.allSettled(sides.map((side) => side.close()));
  for (const one of closed) if (one.status === "rejected") throw one.reason;
}

async function drain(
  queue: ReplicationQueue,
  comparison: Comparison,
  milliseconds: number,
): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (queue.size > 0 || comparison.isRunning) {
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pauseOfDrain, milliseconds)));
  }
  return true;
}

const pauseOfDrain = 5;
