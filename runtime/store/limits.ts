import { SessionError } from "../platform/errors.js";
import type { Limited, SessionBackend, SessionRecord, TenantLimit } from "../types/backend.js";

/**
 * Adds a record if its tenant has room; one that `replaces` another takes none. `false` when the id is taken. Rejects
 * with `SessionError` `"limit"` when the tenant has as many sessions as it may and none of them is to go.
 */
export async function addWithin(
  backend: SessionBackend,
  record: SessionRecord,
  limit: TenantLimit,
): Promise<boolean> {
  const isAdded = await requireLimit(backend).createWithin(record, limit);
  if (isAdded || (await backend.exists(record.id))) return isAdded;
  throw new SessionError(
    "limit",
    `A tenant has ${limit.max} sessions, as many as it may: one more was not stored. End some, or raise maxSessions.`,
    { details: { max: limit.max } },
  );
}

/** Throws `SessionError` `"config"` when the backend cannot count the sessions of a tenant. */
export function requireLimit({ abilities: { limit } }: SessionBackend): Limited {
  if (limit !== undefined) return limit;
  throw new SessionError(
    "config",
    "This backend cannot count the sessions of a tenant: leave maxSessions out, or use one that can.",
  );
}
