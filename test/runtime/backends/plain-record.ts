import type { SessionRecord } from "../../../runtime/types/backend.js";

/** A new record of no tenant, that is found by nothing. */
export function plainRecord(id: string = crypto.randomUUID()): SessionRecord {
  return {
    id,
    tenant: null,
    header: "1;json;-;-;3f0c",
    data: new TextEncoder().encode("{}"),
    revision: 1,
    writeId: "w1",
    createdAt: 0,
    expiresAt: 1000,
    indexed: {},
  };
}
