import type { IndexColumn } from "../../../../runtime/backends/database.js";
import type { SessionRecord } from "../../../../runtime/types/backend.js";

/** The indexed fields of the backend suite, as columns. */
export const testColumns: Readonly<Record<string, IndexColumn>> = {
  userId: { column: "user_id", type: "integer" },
  label: { column: "label", type: "text" },
  admin: { column: "admin", type: "boolean" },
};

/** A stored session that lives for an hour of the clock's time. */
export function recordAt(now: number, changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id: "one",
    tenant: null,
    header: "1;json;-;-;0",
    data: new TextEncoder().encode('{"n":1}'),
    revision: 1,
    writeId: crypto.randomUUID(),
    createdAt: now,
    expiresAt: now + 3_600_000,
    indexed: {},
    ...changes,
  };
}

/** What another write made of a record. */
export function nextOf(record: SessionRecord, changes: Partial<SessionRecord> = {}): SessionRecord {
  const revision = record.revision + 1;
  const data = new TextEncoder().encode(`{"n":${revision}}`);
  return { ...record, revision, data, writeId: crypto.randomUUID(), ...changes };
}
