import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import {
  createReplicatedBackend,
  type ReplicatedBackend,
  type ReplicatedBackendOptions,
} from "../../../../runtime/backends/replicated.js";
import {
  type BackendMethod,
  type FailingPlan,
  type Failure,
  failingBackend,
} from "../../../../runtime/testing/index.js";
import type { SessionBackend, SessionRecord } from "../../../../runtime/types/backend.js";

export type Options = Partial<Omit<ReplicatedBackendOptions<object>, "primary" | "secondary">>;

/** Two sides in memory that fail as the plans say, and any number of processes over them. */
export function openSides(options: Options = {}) {
  const primary = createMemoryBackend();
  const secondary = createMemoryBackend();
  const primaryPlan: FailingPlan = {};
  const secondaryPlan: FailingPlan = {};
  const warnings: string[] = [];
  const opened: ReplicatedBackend<object>[] = [];
  const open = (inFront = (side: typeof primary) => side) => {
    const backend = createReplicatedBackend({
      primary: inFront(failingBackend(primary, primaryPlan)),
      secondary: failingBackend(secondary, secondaryPlan),
      deadline: 0.3,
      retry: { attempts: 2, delay: 0.002, maxDelay: 0.02 },
      logger: { warn: (message) => warnings.push(message) },
      ...options,
    });
    opened.push(backend);
    return backend;
  };
  const close = () => Promise.all(opened.map((backend) => backend.close()));
  return { primary, secondary, primaryPlan, secondaryPlan, warnings, open, close };
}

const methods: readonly BackendMethod[] = [
  ...(["create", "load", "save", "touch", "delete", "exists"] as const),
  ...(["find", "list", "scan", "deleteExpired", "createWithin"] as const),
];

/** Lets every call of a side fail so. */
export function fail(plan: FailingPlan, failure: () => Failure = () => "reject"): void {
  for (const method of methods) plan[method] = failure;
}

export function heal(plan: FailingPlan): void {
  for (const method of methods) delete plan[method];
}

/** The live sessions of a side, by id, comparable. */
export async function liveOn(side: SessionBackend): Promise<ReadonlyMap<string, object>> {
  const live = new Map<string, object>();
  let after: string | undefined;
  do {
    const page: { records: readonly SessionRecord[]; next?: string } = (await side.abilities.scan?.scan({
      limit: 500,
      ...(after !== undefined && { after }),
    })) ?? { records: [] };
    for (const record of page.records) {
      if (!record.header.startsWith("1;")) continue;
      live.set(record.id, { ...record, data: Buffer.from(record.data).toString("hex") });
    }
    after = page.next;
  } while (after !== undefined);
  return live;
}
