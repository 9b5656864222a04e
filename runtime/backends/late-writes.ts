import type { KeyedQueue } from "../platform/keyed-queue.js";
import type { SessionRecord } from "../types/backend.js";

/** What is done in a turn, none of which lasts for ever. */
export interface Steps {
  get(id: string, signal?: AbortSignal): Promise<SessionRecord | null>;
  set(record: SessionRecord, signal?: AbortSignal): Promise<void>;
  remove(id: string, signal?: AbortSignal): Promise<void>;
}

interface Doubt {
  /** How many writes of the id may still arrive. */
  count: number;
  /** What has been written since; `null` for a deletion, `undefined` for nothing. */
  newest: SessionRecord | null | undefined;
}

/**
 * Writes that nobody waits for any more, and that may still arrive over what was written since: a driver may have sent
 * them on another connection. What is heard of at last is put right, in its turn. Those of which nothing is ever heard
 * cost an entry each, of which the last thousand are kept.
 */
export class LateWrites {
  readonly #queue: KeyedQueue;
  readonly #doubts = new Map<string, Doubt>();

  constructor(queue: KeyedQueue) {
    this.#queue = queue;
  }

  /** To be told of all that is written: `null` for a deletion. */
  note(id: string, newest: SessionRecord | null): void {
    const doubt = this.#doubts.get(id);
    if (doubt !== undefined) doubt.newest = newest;
  }

  /** Leaves a write to itself. */
  leave(steps: Steps, record: SessionRecord, writing: Promise<void>): void {
    const { id } = record;
    const doubt = this.#doubts.get(id) ?? { count: 0, newest: undefined };
    doubt.count += 1;
    this.#doubts.set(id, doubt);
    const [oldest = id] = this.#doubts.keys();
    if (this.#doubts.size > mostDoubts) this.#doubts.delete(oldest);
    writing
      .then(() => this.#queue.run(id, () => putRight(steps, record, doubt)))
      .catch(() => {})
      .finally(() => {
        doubt.count -= 1;
        if (doubt.count === 0 && this.#doubts.get(id) === doubt) this.#doubts.delete(id);
      });
  }
}

async function putRight(steps: Steps, late: SessionRecord, { newest }: Doubt): Promise<void> {
  if (newest === undefined) return;
  const found = await steps.get(late.id);
  if (found?.revision !== late.revision || found.writeId !== late.writeId) return;
  await (newest === null ? steps.remove(late.id) : steps.set(newest));
}

const mostDoubts = 1000;
