import type { SessionBackend, SessionRecord } from "../types/backend.js";

/** Who hears of what a backend removes to make room. */
export interface Evictions {
  readonly onEviction: NonNullable<SessionBackend["onEviction"]>;
  /** Tells everyone of a record that was removed. */
  tell(record: SessionRecord): void;
}

/** Evictions that nobody listens to yet. */
export function createEvictions(): Evictions {
  const listeners = new Set<(record: SessionRecord) => void>();
  return {
    onEviction(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(record) {
      for (const listener of listeners) listener(record);
    },
  };
}
