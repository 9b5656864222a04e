import { noFields } from "../record/wire-fields.js";
import { adoptedFields } from "../session/adopted-fields.js";
import type { SessionContext } from "../session/context.js";
import { type ChosenExpiry, expiresAt } from "../session/expiry.js";
import type { ForeignSession } from "./foreign-session.js";
import type { StoredSession } from "./token-store.js";

/** A session as it will be stored, but for its place. */
export type UnplacedSession = Omit<StoredSession, "id" | "revision">;

/** Makes a session of ours of one of another library, new from now on; `null` when there is nothing to make it of. */
export async function toAdopted(
  foreign: ForeignSession,
  context: SessionContext,
): Promise<UnplacedSession | null> {
  const data = await foreign.read(context.tenant.id);
  const fields = data && adoptedFields(data.values, context);
  if (data === null || fields === null) return null;
  const createdAt = context.clock();
  const expiry: ChosenExpiry = data.idle === null ? undefined : { idle: data.idle };
  const { reference } = foreign;
  return {
    createdAt,
    expiresAt: expiresAt(context.expiry, expiry, createdAt, createdAt),
    meta: { writes: "", ...(expiry !== undefined && { expiry }), adopted: { reference } },
    fields,
    refused: noFields,
  };
}
