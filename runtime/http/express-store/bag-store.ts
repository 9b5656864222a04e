import { sha256 } from "../../platform/built-ins.js";
import { SessionError } from "../../platform/errors.js";
import type { RecentIds } from "../../platform/recent-ids.js";
import { isOurs, readRecord, toRecord } from "../../record/stored-record.js";
import { SessionState } from "../../session/session-state.js";
import type { ReferenceStore } from "../../token/by-reference.js";
import { nextRevision, overtaken, requireStored, withExpiry } from "../../token/next-revision.js";
import { createPatience } from "../../token/patience.js";
import { planWrite } from "../../token/plan-write.js";
import { createWriteId, toId } from "../../token/session-key.js";
import type { FoundSession, TokenStore } from "../../token/token-store.js";
import type { RecordPage, SessionRecord } from "../../types/backend.js";
import { applyBag, type Bag, type BagBase, baseOf, hasSameCookie, isOver, toBag } from "./bag.js";

/** A bag with what it was when it was read. */
export interface ReadBag {
  readonly bag: Bag;
  readonly base: BagBase;
}

/** The key of our own that stands for a sid of another library, of whatever form. */
function toKey(sid: string): string {
  return sha256(`express-session\0${sid}`);
}

/** Reads and writes sessions under the ids of another library. Rejects with `SessionError`. */
export class BagStore {
  readonly #store: ReferenceStore;
  readonly #told: TokenStore;
  /** The sids whose sessions were here: what is written to one that is there no more would revive it. */
  readonly #known: RecentIds;

  /** `told`: the same store, which tells the analytics what is asked of it. */
  constructor(
    store: ReferenceStore,
    { told, known }: { readonly told: TokenStore; readonly known: RecentIds },
  ) {
    this.#store = store;
    this.#told = told;
    this.#known = known;
  }

  async read(sid: string): Promise<ReadBag | null> {
    const found = await this.#told.read(toKey(sid));
    if (found === null) return null;
    this.#known.add(sid);
    const state = this.#toState(found);
    const bag = toBag(state);
    return { bag, base: baseOf(state, bag) };
  }

  /** Writes what differs from the base, or all of it without one; answers the base of the next write. Ends it with its cookie. */
  async write(sid: string, bag: Bag, base: BagBase | undefined): Promise<BagBase | undefined> {
    if (isOver(bag, this.#store.context.clock())) {
      await this.destroy(sid);
      return base;
    }
    const patience = createPatience(this.#store.context.patience);
    for (let isTaken = false; ; ) {
      const found = await this.#store.read(toKey(sid));
      const wasHere = isTaken || base !== undefined || this.#known.has(sid);
      if (found === null && wasHere) throw ended(this.#store.context.name);
      const state = this.#toState(found);
      const written = baseOf(state, bag);
      applyBag(state, bag, base);
      const isWritten = await (found === null ? this.#create(toKey(sid), state) : this.#save(state));
      if (isWritten) this.#known.add(sid);
      if (isWritten) return written;
      isTaken = found === null;
      if (!(await patience.wait())) throw overtaken(this.#store.context);
    }
  }

  /** Moves the expiry when enough of the life is gone, and keeps what the app made of the cookie, no other change. */
  async touch(sid: string, bag: Bag): Promise<void> {
    const found = await this.#store.read(toKey(sid));
    if (found === null) return;
    const state = this.#toState(found);
    if (hasSameCookie(state, bag)) await this.#touch(state);
    else await this.write(sid, bag, baseOf(state, bag));
  }

  async destroy(sid: string): Promise<void> {
    this.#known.add(sid);
    await this.#told.endByToken(toKey(sid));
  }

  /** The bags of all live sessions. Their sids are not known. */
  async all(): Promise<readonly Bag[]> {
    const { backend, context } = this.#store;
    const bags: Bag[] = [];
    for (let after: { readonly after?: string } | null = {}; after !== null; ) {
      const page: RecordPage | undefined = await backend.abilities.scan?.scan({ limit: 500, ...after });
      for (const record of page?.records ?? []) {
        if (record.expiresAt <= context.clock() || !isOurs(record, context)) continue;
        const read = readRecord(record, { ...context, onInvalid: "reset" });
        if (read.is === "session") bags.push(toBag(this.#toState({ key: "", isForwarded: false, ...read })));
      }
      after = page?.next === undefined ? null : { after: page.next };
    }
    return bags;
  }

  #toState(found: FoundSession | null): SessionState {
    return new SessionState({ ...this.#store.context, store: this.#store }, found);
  }

  async #create(key: string, state: SessionState): Promise<boolean> {
    const { context } = this.#store;
    await context.format.ready();
    const writeId = createWriteId();
    const { fields, refused } = planWrite(state, { fields: {}, refused: {} }, true);
    const { createdAt } = state;
    const stored = {
      id: toId(context, key),
      revision: 1,
      createdAt,
      expiresAt: state.nextExpiry(context.clock()),
      meta: withExpiry({ writes: writeId }, state),
      fields,
      refused,
    };
    const record = toRecord(stored, context, writeId);
    const isAdded = await this.#store.add(record);
    if (isAdded) context.analytics?.note({ type: "created", handle: stored.id });
    return this.#noteSaved(isAdded, record);
  }

  async #save(state: SessionState): Promise<boolean> {
    const { backend, context } = this.#store;
    const before = requireStored(state);
    const isExpiryChanged = JSON.stringify(before.meta.expiry) !== JSON.stringify(state.chosenExpiry);
    if (!state.isModified() && !isExpiryChanged) return this.#touch(state);
    const writeId = createWriteId();
    const stored = nextRevision(state, {
      plan: planWrite(state, before, true),
      writeId,
      now: context.clock(),
    });
    const record = toRecord(stored, context, writeId);
    return this.#noteSaved(await backend.save(record), record);
  }

  #noteSaved(isSaved: boolean, { id, data }: SessionRecord): boolean {
    const { analytics } = this.#store.context;
    if (isSaved) analytics?.note({ type: "saved", handle: id, bytes: data.length });
    return isSaved;
  }

  async #touch(state: SessionState): Promise<boolean> {
    const { backend, context } = this.#store;
    const { id, revision } = requireStored(state);
    const now = context.clock();
    return !state.facts(now, false).isTouchDue || backend.touch(id, revision, state.nextExpiry(now));
  }
}

function ended(name: string): SessionError {
  return new SessionError("gone", `This ${name} has ended; nothing was written.`);
}
