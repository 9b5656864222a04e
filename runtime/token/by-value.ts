import { randomText, sha256 } from "../platform/built-ins.js";
import type { Source } from "../record/contents.js";
import type { SessionState } from "../session/session-state.js";
import { toAdopted } from "./adopted-session.js";
import type { ForeignSession } from "./foreign-session.js";
import { gone, nextRevision, requireStored, withExpiry } from "./next-revision.js";
import { emptyBase, planWrite } from "./plan-write.js";
import type { Revocations } from "./revocations.js";
import { isSealedToken, SealedTokens, type SealedTokensParts, type SealedWrite } from "./sealed-tokens.js";
import type { FoundSession, StoredSession, TokenStore, WriteOptions } from "./token-store.js";

/** What a `ValueStore` is made of. */
export interface ValueStoreParts extends SealedTokensParts {
  /** `null`: a session ends when its tokens expire, and not before. */
  readonly revocations: Revocations | null;
}

/**
 * Sessions that the client carries: the key is the whole session, sealed. Each write gives it another key, under a
 * handle that stays. Nothing is merged, since nothing is shared: of two concurrent responses the one that arrives last
 * overwrites the other, which is what a cookie does. A key that was given out opens until it expires, also after a
 * logout, unless revocations are kept.
 */
export class ValueStore implements TokenStore {
  readonly isToken: TokenStore["isToken"] = isSealedToken;
  readonly #parts: ValueStoreParts;
  readonly #tokens: SealedTokens;
  /** The id that a session is changing to: tried again when an answer was lost, it must be the same. */
  readonly #nextIds = new WeakMap<SessionState, { readonly after: string; readonly id: string }>();

  constructor(parts: ValueStoreParts) {
    this.#parts = parts;
    this.#tokens = new SealedTokens(parts);
  }

  async ready(): Promise<void> {
    await this.#tokens.ready();
    await this.#parts.revocations?.ready();
  }

  read(token: string): FoundSession | null | Promise<FoundSession | null> {
    const stored = this.#parts.revocations === null ? this.#tokens.openNow(token) : undefined;
    // What is left of a change of key, from when revocations were kept, takes its time.
    if (stored === undefined || stored?.meta.from !== undefined) return this.#readLater(token);
    return stored && { key: token, isForwarded: false, stored };
  }

  async #readLater(token: string): Promise<FoundSession | null> {
    const stored = await this.#tokens.open(token);
    if (stored === null) return null;
    const place = await this.#find(stored.id);
    if (place === null) return null;
    const { id, from } = place;
    if (from === undefined)
      return (await this.#finished(stored)) ?? { key: token, isForwarded: false, stored };
    // Its id was changed by a response that did not arrive, or not yet: what the client has is as good under the new one.
    const meta = { ...stored.meta, from, rotatedAt: this.#parts.context.clock() };
    const moved = { ...stored, id, meta };
    return { key: await this.#tokens.seal(moved), isForwarded: true, stored: moved };
  }

  /** Nothing says that it has become one, so that it stays where it was: its id decides which session of ours it is. */
  async adopt(foreign: ForeignSession): Promise<FoundSession | null> {
    const { context } = this.#parts;
    await context.format.ready();
    const id = sha256(`adopted\0${foreign.name}`);
    const place = await this.#find(id);
    const fresh = place !== null && place.from === undefined ? await toAdopted(foreign, context) : null;
    if (fresh === null) return null;
    const stored = { ...fresh, id, revision: 1, meta: { ...fresh.meta, rotatedAt: fresh.createdAt } };
    return { key: await this.#tokens.sealFitting(stored), isForwarded: true, stored };
  }

  async create(state: SessionState): Promise<void> {
    const { context } = this.#parts;
    await context.format.ready();
    const { changes, fields } = planWrite(state, emptyBase, true);
    const now = context.clock();
    const stored: StoredSession = {
      id: randomText(32),
      revision: 1,
      createdAt: state.createdAt,
      expiresAt: state.nextExpiry(now),
      // The time is there from the start, so that no later change of key makes the cookie longer.
      meta: withExpiry({ writes: "", rotatedAt: now }, state),
      fields,
      refused: {},
    };
    const key = await this.#tokens.sealFitting(stored);
    state.takeKey(key);
    state.settle(changes, stored, key.length);
  }

  save(state: SessionState, options: WriteOptions): Promise<void> | undefined {
    if (this.#parts.revocations !== null || requireStored(state).meta.from !== undefined)
      return this.#saveLater(state, options);
    const write = this.#prepare(state, options);
    const key = state.key === null ? undefined : this.#tokens.sealNextNow(state.key, write);
    if (key === undefined) return this.#saveLater(state, options);
    settleUnder(key, state, write);
    return undefined;
  }

  async #saveLater(state: SessionState, options: WriteOptions): Promise<void> {
    await this.reload(state);
    await this.#finish(state);
    const { from } = requireStored(state).meta;
    const write = this.#prepare(state, options);
    const key = await this.#tokens.sealFitting(write.stored);
    // The client has the new id: requests that still come with the old one have ten seconds left.
    if (from && state.isKeyConfirmed)
      await this.#parts.revocations?.retire(from, write.stored, { grace: true });
    settleUnder(key, state, write);
  }

  #prepare(state: SessionState, { withChanges }: WriteOptions): SealedWrite {
    const now = state.context.clock();
    const before = requireStored(state, now);
    const plan = planWrite(state, before, withChanges);
    return { before, changes: plan.changes, stored: nextRevision(state, { plan, writeId: "", now }) };
  }

  async touch(state: SessionState): Promise<boolean> {
    const { context, room, revocations } = this.#parts;
    if (revocations !== null) await this.reload(state);
    const stored = { ...requireStored(state), expiresAt: state.nextExpiry(context.clock()) };
    const key = await this.#tokens.seal(stored);
    if (!room.fits(key, stored)) return false;
    // What the client has stays good: should it be too late for a cookie, nothing is lost.
    state.key = key;
    state.isCookieDue = true;
    state.accept(stored);
    return true;
  }

  /** Gives the session another id where revocations are kept: only then could the old one be told to be over. */
  async rotate(
    state: SessionState,
    { grace, withChanges }: WriteOptions & { readonly grace: boolean },
  ): Promise<void> {
    const { revocations, context, room } = this.#parts;
    const old = requireStored(state);
    const from: Source = { id: old.id, revision: 1, ...(grace ? {} : { leads: false }) };
    const plan = planWrite(state, old, withChanges);
    const next = nextRevision(state, { plan, writeId: "", now: context.clock() });
    // Never the same twice, or a seal without chance in it gave the same key again.
    const rotatedAt = Math.max(context.clock(), (old.meta.rotatedAt ?? 0) + 1);
    const { from: _retired, ...meta } = { ...next.meta, rotatedAt };
    const id = revocations === null ? old.id : this.#nextId(state, old.id);
    const fresh = { ...next, id, meta: revocations === null ? meta : { ...meta, from } };
    const key = await this.#tokens.seal(fresh);
    if (!withChanges && !room.fits(key, fresh)) return;
    room.assertFits(key, fresh);
    if (revocations !== null && !(await revocations.replace(old, fresh.id, { grace }))) {
      await this.reload(state);
      return grace ? this.#saveUnrotated(state, withChanges) : this.rotate(state, { grace, withChanges });
    }
    // Whatever fails from here on, the client needs the new key.
    state.takeKey(key);
    state.settle(plan.changes, fresh, key.length);
    await this.#finish(state);
  }

  /** Finds out whether the session has ended, or goes by another id now. Its data is what the client sent. */
  async reload(state: SessionState): Promise<void> {
    const stored = requireStored(state);
    const place = await this.#find(stored.id);
    if (place === null) throw gone(state);
    if (place.from === undefined) return;
    const meta = { ...stored.meta, from: place.from, rotatedAt: this.#parts.context.clock() };
    const moved = { ...stored, id: place.id, meta };
    state.takeKey(await this.#tokens.seal(moved));
    state.accept(moved);
  }

  async end({ stored }: SessionState): Promise<boolean> {
    const { revocations } = this.#parts;
    return stored !== null && (revocations === null || revocations.end(stored.id, stored.createdAt));
  }

  async endByToken(token: string): Promise<boolean> {
    const { revocations } = this.#parts;
    const found = revocations && (await this.read(token));
    return !!found && revocations.end(found.stored.id, found.stored.createdAt);
  }

  /** Lets the tokens of the id before be good no more, where the change of it was to do that and has not. */
  async #finish(state: SessionState): Promise<void> {
    const stored = requireStored(state);
    if (stored.meta.from?.leads !== false) return;
    const finished = await this.#finished(stored).catch((error: unknown) => {
      // Should the app go on in spite of it, the end of its request does it.
      state.isMarkedModified = true;
      throw error;
    });
    if (finished === null) return;
    state.takeKey(finished.key);
    state.accept(finished.stored);
  }

  /** The same for a session that a client sent. `null` when there is nothing to be done. */
  async #finished(stored: StoredSession): Promise<FoundSession | null> {
    const { from, ...meta } = stored.meta;
    if (from?.leads !== false) return null;
    await this.#parts.revocations?.retire(from, stored, { grace: false });
    const finished = { ...stored, meta };
    return { key: await this.#tokens.seal(finished), isForwarded: true, stored: finished };
  }

  #nextId(state: SessionState, after: string): string {
    const known = this.#nextIds.get(state);
    const id = known?.after === after ? known.id : randomText(32);
    this.#nextIds.set(state, { after, id });
    return id;
  }

  /** Another request has changed the id a moment ago: once is enough. */
  async #saveUnrotated(state: SessionState, withChanges: boolean): Promise<void> {
    if (withChanges) await this.save(state, { withChanges });
  }

  async #find(
    id: string,
  ): Promise<{ readonly id: string; readonly from?: StoredSession["meta"]["from"] } | null> {
    return this.#parts.revocations === null ? { id } : this.#parts.revocations.find(id);
  }
}

function settleUnder(key: string, state: SessionState, { changes, stored }: SealedWrite): void {
  state.takeKey(key);
  state.settle(changes, stored, key.length);
}
