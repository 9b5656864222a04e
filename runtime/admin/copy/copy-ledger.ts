/** A write that a copy brings to its target: enough to recognise it there. */
export interface CopiedWrite {
  readonly id: string;
  readonly writeId: string;
}

/**
 * Remembers what copies have brought to a target. A record that is gone at the source is deleted at the target only
 * when its last write is one of these: then nobody but a copy has written it.
 */
export interface CopyLedger {
  /** Whether an earlier copy has been through the whole source with this ledger. */
  readonly isComplete: boolean;
  /** Remembers writes. Asked before they are made: what is remembered and never happens does no harm. */
  add(writes: readonly CopiedWrite[]): Promise<void>;
  /** Called when a copy has been through the whole source. */
  complete(): Promise<void>;
  /** Everything that was remembered before this call; a record may come several times. */
  writes(): AsyncIterable<CopiedWrite> | Iterable<CopiedWrite>;
}

/** A ledger that ends with the process. */
export function createMemoryLedger(): CopyLedger {
  const writesById = new Map<string, readonly string[]>();
  let isComplete = false;
  return {
    get isComplete() {
      return isComplete;
    },
    add: async (writes) => {
      for (const { id, writeId } of writes) {
        // Earlier ones stay: when a copy fails, the target may still have one of them.
        const known = writesById.get(id) ?? [];
        if (!known.includes(writeId)) writesById.set(id, [...known, writeId]);
      }
    },
    complete: async () => {
      isComplete = true;
    },
    writes: () => [...writesById].flatMap(([id, known]) => known.map((writeId) => ({ id, writeId }))),
  };
}
