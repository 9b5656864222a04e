import { SessionError } from "../platform/errors.js";
import type { Moved, Source } from "../record/contents.js";
import { readAnyRecord, toRecord } from "../record/stored-record.js";
import type { SessionContext } from "../session/context.js";
import type { SessionBackend } from "../types/backend.js";
import { atOnce } from "./moved-record.js";
import { createWriteId, toId } from "./session-key.js";
import type { StoredSession } from "./token-store.js";

/** Where the session of an id is now. */
export interface Whereabouts {
  /** The id that stands for it. */
  readonly id: string;
  /** The id before it, whose tokens led here; `undefined` when it was the one asked for. */
  readonly from?: Source;
}

/** How long the tokens of an old id are still good once the client has one of the new id, in milliseconds. */
const graceLife = 10_000;

/** After so many milliseconds a change of id that is not finished tells of a crash, and the old tokens are good again. */
const crashTime = 10_000;

/** Servers' clocks differ: what is revoked stays so for a minute longer than its last token can live. */
const margin = 60_000;

/** How many ids are added between two clean-ups, and how many expired ones each takes: more go than come. */
const addedBetween = 100;
const sweptAtOnce = 1000;

/**
 * The ids of sealed sessions that have ended or were changed for others, kept until no token of them can be alive. An
 * id is added to the backend once, which is what decides between a logout and a change of id that run at once.
 */
export class Revocations {
  readonly #backend: SessionBackend;
  readonly #context: SessionContext;
  readonly #sweep: () => void;

  /** `sweep` is called before an id is added; see `createRevocationSweep`. */
  constructor(backend: SessionBackend, context: SessionContext, sweep: () => void) {
    this.#backend = backend;
    this.#context = context;
    this.#sweep = sweep;
  }

  /** Opens the connection. */
  async ready(): Promise<void> {
    await this.#backend.exists(toId(this.#context, ""));
  }

  /** Follows an id to where its session is; `null` when that has ended, or the id has been changed for good. */
  async find(id: string): Promise<Whereabouts | null> {
    let place: Whereabouts = { id };
    for (;;) {
      const record = await this.#load(place.id);
      if (record === null) return place;
      const found = readAnyRecord(record, this.#context);
      const next =
        found.is === "moved" && isUsable(found.moved, this.#context.clock()) ? found.moved.to : null;
      if (next === null) return null;
      place = { id: next, from: { id: place.id, revision: record.revision } };
    }
  }

  /** Ends the session of an id, wherever it has gone. `false` when it had ended. */
  async end(id: string, createdAt: number): Promise<boolean> {
    if (await this.#add({ id, createdAt }, { to: null })) return true;
    const record = await this.#load(id);
    if (record === null) throw contradiction();
    const found = readAnyRecord(record, this.#context);
    if (found.is !== "moved" || found.moved.to === null) return false;
    return this.end(found.moved.to, createdAt);
  }

  /**
   * Changes an id for another: from then on, tokens of the old one lead to the new one, until `retire`. Without grace they
   * do so only after a while, for the case that it was not finished: with the data that they hold, as before it. `false` when the id was ended or changed before;
   * `true` when this very change is there already.
   */
  async replace(stored: StoredSession, to: string, { grace }: { readonly grace: boolean }): Promise<boolean> {
    const moved: Moved = { to, usableFrom: grace ? atOnce : this.#context.clock() + crashTime };
    return (await this.#add(stored, moved)) || this.#isJustMoved(stored.id, to);
  }

  /** Whether an id was changed for this other one, which has not gone anywhere since. */
  async #isJustMoved(id: string, to: string): Promise<boolean> {
    const record = await this.#load(id);
    const found = record && readAnyRecord(record, this.#context);
    return found?.is === "moved" && found.moved.to === to && !(await this.#backend.exists(this.#toId(to)));
  }

  /** Lets the tokens of an id that was changed be good no more; with grace, for a few seconds yet. */
  async retire(
    { id, revision }: Source,
    { id: to, createdAt }: Pick<StoredSession, "id" | "createdAt">,
    { grace }: { readonly grace: boolean },
  ): Promise<void> {
    const usableUntil = this.#context.clock() + graceLife;
    const retired: Moved = grace ? { to, usableFrom: atOnce, usableUntil } : { to };
    for (let next = revision + 1; ; ) {
      if (await this.#backend.save(this.#toRecord({ id, createdAt, revision: next }, retired))) return;
      const record = await this.#load(id);
      const found = record && readAnyRecord(record, this.#context);
      if (record === null || found?.is !== "moved" || isRetired(found.moved, grace)) return;
      next = record.revision + 1;
    }
  }

  async #add(session: Pick<StoredSession, "id" | "createdAt">, moved: Moved): Promise<boolean> {
    this.#sweep();
    return this.#backend.create(this.#toRecord({ ...session, revision: 1 }, moved));
  }

  #load(id: string): ReturnType<SessionBackend["load"]> {
    return this.#backend.load(this.#toId(id));
  }

  /** A tenant cannot end the session of another, whose handle it may have seen. */
  #toId(handle: string): string {
    return this.#context.tenant.idPrefix + handle;
  }

  #toRecord(
    { id, createdAt, revision }: Pick<StoredSession, "id" | "createdAt" | "revision">,
    moved: Moved,
  ): ReturnType<typeof toRecord> {
    const writeId = createWriteId();
    const expiresAt = createdAt + this.#context.expiry.absolute + margin;
    const session = { id: this.#toId(id), createdAt, revision, expiresAt, fields: {}, refused: {} };
    return toRecord({ ...session, meta: { writes: writeId, moved } }, this.#context, writeId);
  }
}

/**
 * Has expired ids go now and then, where the backend does not forget by itself. Nobody waits for it; what fails is left
 * for another time.
 */
export function createRevocationSweep(
  { abilities: { sweep } }: SessionBackend,
  clock: () => number,
): () => void {
  let added = 0;
  return () => {
    if (added % addedBetween === 0) sweep?.deleteExpired(clock(), sweptAtOnce).catch(() => undefined);
    added += 1;
  };
}

function contradiction(): SessionError {
  return new SessionError(
    "unavailable",
    "The revocation backend says that an id is there and that it is not. Try again; if it persists, check its create() and load().",
  );
}

function isUsable({ usableFrom, usableUntil }: Moved, now: number): boolean {
  return usableFrom !== undefined && now >= usableFrom && (usableUntil === undefined || now < usableUntil);
}

/** With grace, the few seconds that are left have begun. */
function isRetired({ usableFrom, usableUntil }: Moved, grace: boolean): boolean {
  return usableFrom === undefined || (grace && usableUntil !== undefined);
}
