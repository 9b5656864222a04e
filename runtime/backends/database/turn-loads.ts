import { setImmediate } from "node:timers";
import type { SessionRecord } from "../../types/backend.js";

type Load = (id: string) => Promise<SessionRecord | null>;

interface Waiting {
  readonly id: string;
  readonly resolve: (record: SessionRecord | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Loads together what is asked for in one turn of the event loop, at most so many at once. Each is answered or rejected as if
 * it had been alone, and waits for nothing but the end of its turn.
 */
export function loadTogether(
  most: number,
  loadSome: (ids: readonly string[]) => Promise<readonly SessionRecord[]>,
): Load {
  let turn: Waiting[] = [];
  const load = (some: readonly Waiting[]): void => {
    loadSome(some.map(({ id }) => id)).then(
      (records) => {
        for (const { id, resolve } of some) resolve(records.find((record) => record.id === id) ?? null);
      },
      (error: unknown) => {
        for (const { reject } of some) reject(error);
      },
    );
  };
  const end = (): void => {
    const all = turn;
    turn = [];
    for (let at = 0; at < all.length; at += most) load(all.slice(at, at + most));
  };
  return (id) =>
    new Promise((resolve, reject) => {
      if (turn.length === 0) setImmediate(end);
      turn.push({ id, resolve, reject });
    });
}
