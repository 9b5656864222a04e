import type { Duration } from "../../platform/duration.js";
import { SessionError } from "../../platform/errors.js";
import {
  assertTypes,
  callable,
  duration,
  group,
  logger,
  type OptionTypes,
  oneOf,
  wholeNumber,
} from "../../platform/options.js";
import type { SessionLogger } from "../../session-kind.js";
import type { BackendAbilities, SessionBackend } from "../../types/backend.js";
import { anyBackend } from "../any-backend.js";
import type { RetryOptions } from "./back-off.js";

/** Options of `createReplicatedBackend`. */
export interface ReplicatedBackendOptions<A extends BackendAbilities> {
  /** Decides, while it is up. */
  readonly primary: SessionBackend<A>;
  /** Has a copy of every session. */
  readonly secondary: SessionBackend;
  /**
   * When a write is answered. `"async"` (when left out): once the primary has it; the copy follows. `"sync"`: once
   * both have it, who are asked at the same time where neither can refuse (creation, expiry), else the primary first, whose
   * compare-and-swap decides. `"acknowledged"`: once both have it, always the primary first. In both of the latter a
   * write that the secondary has not confirmed rejects with `"unavailable"`, though it stands; its copy follows.
   */
  readonly mode?: "async" | "sync" | "acknowledged" | undefined;
  /**
   * What the secondary does while the primary is down. `"read"` (when left out): answers reads; writes reject.
   * `"write"`: takes writes too, and every read asks both. When only some processes reach the primary, both
   * sides take writes of one session, and the acknowledged ones of one side are lost: the higher (revision, write id) stays.
   */
  readonly failover?: "read" | "write" | undefined;
  readonly retry?: RetryOptions | undefined;
  /** How long a call may take in all; the sides get a third each where both may have to be asked. `"2s"` when left out. */
  readonly deadline?: Duration | undefined;
  /** The sessions' absolute lifetime, for which a tombstone is kept; `"14d"` when left out. */
  readonly absolute?: Duration | undefined;
  /** How many sessions may wait to be copied; 10,000 when left out. */
  readonly capacity?: number | undefined;
  /** `console` when left out. */
  readonly logger?: SessionLogger | undefined;
  /** Epoch milliseconds; `Date.now` when left out. */
  readonly clock?: (() => number) | undefined;
  /** As `Math.random`. */
  readonly random?: (() => number) | undefined;
}

const types: OptionTypes<ReplicatedBackendOptions<BackendAbilities>> = {
  ...{ primary: anyBackend, secondary: anyBackend },
  ...{ mode: oneOf("async", "sync", "acknowledged"), failover: oneOf("read", "write"), retry: group },
  ...{ deadline: duration, absolute: duration, capacity: wholeNumber },
  ...{ logger, clock: callable, random: callable },
};

/** Throws `SessionError` `"config"` for an option of another type, and for sides that are no pair. */
export function assertReplicatedOptions(options: ReplicatedBackendOptions<BackendAbilities>): void {
  assertTypes("createReplicatedBackend", options, types);
  const { primary, secondary } = options;
  for (const [name, side] of Object.entries({ primary, secondary })) {
    if (side === undefined)
      throw new SessionError("config", `createReplicatedBackend needs its ${name}: give it two stores.`);
    // It keeps its marks of what was deleted to itself, and would never show that it has the other's.
    if ("replication" in side)
      throw new SessionError(
        "config",
        `createReplicatedBackend.${name} is replicated itself, and would hide what was deleted; give two stores.`,
      );
  }
  if (primary === secondary)
    throw new SessionError("config", "createReplicatedBackend was given one backend as both of its sides.");
}
