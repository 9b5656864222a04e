import type { SessionRecord } from "../../../../runtime/types/backend.js";

let count = 0;

/** A record under an id of its own, with an hour to live. */
export function redisRecord(changes: Partial<SessionRecord> = {}): SessionRecord {
  count += 1;
  const name = `${crypto.randomUUID()}-${count}`;
  const now = Date.now();
  return {
    id: name,
    tenant: null,
    header: "1;json;-;-;0",
    data: new TextEncoder().encode("{}"),
    revision: 1,
    writeId: `write-${name}`,
    createdAt: now,
    expiresAt: now + 3_600_000,
    indexed: {},
    ...changes,
  };
}

/** The next revision, as another write. */
export function followingRecord(record: SessionRecord, changes: Partial<SessionRecord> = {}): SessionRecord {
  const revision = record.revision + 1;
  return { ...record, revision, writeId: `write-${crypto.randomUUID()}`, ...changes };
}
