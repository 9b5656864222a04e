import { setTimeout as pause } from "node:timers/promises";
import type { SessionBackend } from "../../../../runtime/types/backend.js";
import { followingRecord, redisRecord } from "./redis-record.js";

/** Writers that each save one record again and again. */
export interface SteadyWriters {
  readonly ids: readonly string[];
  /** The newest revision that was acknowledged, by id. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** When each record was last written, by `performance.now()`. */
  readonly writtenAt: ReadonlyMap<string, number>;
  /** Ends them; answers how many writes failed or were refused. */
  stop(): Promise<number>;
}

export async function startWriters(backend: SessionBackend, count: number): Promise<SteadyWriters> {
  const acknowledged = new Map<string, number>();
  const writtenAt = new Map<string, number>();
  let isOver = false;
  let failures = 0;
  const write = async (id: string): Promise<void> => {
    while (!isOver) {
      const current = await backend.load(id).catch(() => null);
      const next = current && followingRecord(current);
      if (next !== null && (await backend.save(next).catch(() => false))) {
        acknowledged.set(id, next.revision);
        writtenAt.set(id, performance.now());
      } else failures += 1;
      await pause(2);
    }
  };
  const records = Array.from({ length: count }, (_, at) => redisRecord({ indexed: { userId: at % 3 } }));
  for (const record of records) await backend.create(record);
  const ids = records.map(({ id }) => id);
  const writers = Promise.all(ids.map(write));
  return {
    ids,
    acknowledged,
    writtenAt,
    stop: async () => {
      isOver = true;
      await writers;
      return failures;
    },
  };
}
