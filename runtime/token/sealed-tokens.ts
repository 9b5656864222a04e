import { isOurs, readRecord, toRecord } from "../record/stored-record.js";
import { noFields } from "../record/wire-fields.js";
import type { SessionContext } from "../session/context.js";
import type { TokenRoom } from "../transport/token-size.js";
import type { SealedRecord, SessionSeal } from "../types/seal.js";
import type { PreparedWrite } from "./plan-write.js";
import type { RecentTokens } from "./recent-tokens.js";
import type { RefusalLog } from "./refusal-log.js";
import type { StoredSession } from "./token-store.js";

/** What `SealedTokens` is made of. */
export interface SealedTokensParts {
  readonly context: SessionContext;
  readonly seal: SessionSeal;
  readonly room: TokenRoom;
  readonly refusals: RefusalLog;
  /** Those of the kind, of all its tenants. */
  readonly recent: RecentTokens;
}

/** A write that is ready to be sealed, and the session that it was made upon. */
export interface SealedWrite extends Pick<PreparedWrite, "changes" | "stored"> {
  readonly before: StoredSession;
}

/** The sessions of a kind as tokens, and back. */
export class SealedTokens {
  readonly #parts: SealedTokensParts;

  constructor(parts: SealedTokensParts) {
    this.#parts = parts;
  }

  async ready(): Promise<void> {
    await this.#parts.seal.ready?.();
  }

  /** The session of a token; `null` for everything else, and for one that is over. */
  async open(token: string): Promise<StoredSession | null> {
    const { context, seal } = this.#parts;
    if (!context.format.isReady()) await context.format.ready();
    const stored = this.openNow(token);
    return stored === undefined ? this.#accept(await seal.open(token, context.clock())) : stored;
  }

  /** The same at once; `undefined` when that takes time. */
  openNow(token: string): StoredSession | null | undefined {
    const { context, seal, recent } = this.#parts;
    if (seal.openNow === undefined || !context.format.isReady()) return undefined;
    const tenant = context.tenant.name;
    const known = recent.find(token);
    if (known?.tenant === tenant) {
      if (!this.#isOver(known.stored)) return known.stored;
      recent.forget(token);
      return null;
    }
    const stored = this.#accept(seal.openNow(token));
    // What an app's upgrade has a part in, or could not do, may turn out otherwise next time.
    if (stored !== null && stored.refused === noFields) recent.keep(token, { tenant, stored });
    return stored;
  }

  seal(stored: StoredSession): Promise<string> {
    return this.#parts.seal.seal(toRecord(stored, this.#parts.context, ""));
  }

  /** The token of a session. Rejects with `SessionError` `"too-large"` when no cookie holds it. */
  async sealFitting(stored: StoredSession): Promise<string> {
    const token = await this.seal(stored);
    this.#parts.room.assertFits(token, stored);
    return token;
  }

  /** A session's next token at once, in place of `former`. Throws as that rejects; `undefined` when it takes time. */
  sealNextNow(former: string, { stored, before, changes }: SealedWrite): string | undefined {
    const { context, seal, room, recent } = this.#parts;
    const token = seal.sealNow?.(toRecord(stored, context, ""));
    if (token === undefined) return undefined;
    room.assertFits(token, stored);
    if (seal.openNow !== undefined && stored.refused === noFields)
      recent.replace(former, token, { tenant: context.tenant.name, stored, before, changes });
    return token;
  }

  #accept(record: SealedRecord | null): StoredSession | null {
    const { context, refusals } = this.#parts;
    if (record === null || !isOurs(record, context)) {
      refusals.note();
      return null;
    }
    if (this.#isOver(record)) return null;
    const { id, tenant, header, data, createdAt, expiresAt } = record;
    const whole = { id, tenant, header, data, createdAt, expiresAt, revision: 1, writeId: "", indexed: {} };
    const found = readRecord(whole, context);
    return found.is === "session" ? found.stored : null;
  }

  #isOver({ id, createdAt, expiresAt }: Pick<StoredSession, "id" | "createdAt" | "expiresAt">): boolean {
    const { context } = this.#parts;
    if (Math.min(expiresAt, createdAt + context.expiry.absolute) > context.clock()) return false;
    context.analytics?.note({ type: "expired", handle: id });
    return true;
  }
}

const sealedStart = /^[\w.-]{64}/;

/**
 * Whether something is a text that begins as a token does: longer than any key of a backend, and no longer than all chunks can be. The rest of it is
 * looked at by who opens it.
 */
export function isSealedToken(text: unknown): boolean {
  return typeof text === "string" && sealedStart.test(text) && text.length <= 8192;
}
