import { SessionError } from "../platform/errors.js";
import { isMark, type RecordReader, readAnyRecord, readRecord, toRecord } from "../record/stored-record.js";
import type { SessionContext } from "../session/context.js";
import type { SessionState, WriteAttempt } from "../session/session-state.js";
import { addWithin } from "../store/limits.js";
import type { SessionBackend, SessionRecord } from "../types/backend.js";
import { adoptRecord } from "./adopt-record.js";
import { endByKey, endRecord } from "./end-record.js";
import { concludeRotation, finishRotation } from "./finish-rotation.js";
import { followMoved, nextKey } from "./follow-moved.js";
import type { ForeignSession } from "./foreign-session.js";
import { gone, nextRevision, noteRetry, overtaken, requireStored, withExpiry } from "./next-revision.js";
import { createPatience } from "./patience.js";
import { emptyBase, type PreparedWrite, planWrite } from "./plan-write.js";
import { type RotationOptions, rotateRecord } from "./rotate-record.js";
import { createKey, createWriteId, isKey, toId } from "./session-key.js";
import { endForward, settleSource } from "./settle-source.js";
import type { FoundSession, StoredSession, TokenStore, WriteOptions } from "./token-store.js";
import { newestWrite, settleAttempts } from "./write-history.js";

/** Sessions kept in a backend; the client carries only a key, the backend sees only its hash. */
export class ReferenceStore implements TokenStore {
  readonly isToken: TokenStore["isToken"] = isKey;
  readonly context: SessionContext;
  readonly backend: SessionBackend;
  readonly #reader: RecordReader;

  constructor(
    context: SessionContext,
    backend: SessionBackend,
    reader: RecordReader = (record) => readRecord(record, context),
  ) {
    this.context = context;
    this.backend = backend;
    this.#reader = reader;
  }

  async ready(): Promise<void> {
    await this.backend.exists(toId(this.context, ""));
  }

  read(token: string): FoundSession | null | Promise<FoundSession | null> {
    const id = toId(this.context, token);
    const found = this.backend.loadNow?.(id);
    if (found !== undefined) return this.#find(token, found);
    return this.backend.load(id).then((record) => this.#find(token, record));
  }

  #find(token: string, record: SessionRecord | null): FoundSession | null | Promise<FoundSession | null> {
    if (record === null) return null;
    if (record.expiresAt <= this.context.clock()) return this.#miss(record);
    const found = this.#reader(record);
    if (found.is === "session") return { key: token, isForwarded: false, stored: found.stored };
    return found.is === "moved" ? followMoved(this, token, found.stored) : null;
  }

  /** A session that has ended opens nothing. Marks of ended sessions and changed keys are not worth telling of. */
  #miss(record: SessionRecord): null {
    const { analytics } = this.context;
    if (analytics !== undefined && !isMark(record, this.context))
      analytics.note({ type: "expired", handle: record.id });
    return null;
  }

  adopt(foreign: ForeignSession): Promise<FoundSession | null> {
    return adoptRecord(this, foreign);
  }

  async create(state: SessionState): Promise<void> {
    await this.context.format.ready();
    if (await this.#findCreated(state)) {
      return state.isUnsaved() ? this.save(state, { withChanges: true }) : undefined;
    }
    const { changes, fields, refused } = planWrite(state, emptyBase, true);
    const now = this.context.clock();
    const writeId = createWriteId();
    const key = createKey();
    const stored: StoredSession = {
      id: toId(this.context, key),
      revision: 1,
      createdAt: state.createdAt,
      expiresAt: state.nextExpiry(now),
      meta: withExpiry({ writes: writeId }, state),
      fields,
      refused,
    };
    state.creation = { key, changes };
    const record = toRecord(stored, this.context, writeId);
    if (!(await this.add(record))) {
      throw new SessionError(
        "unavailable",
        "The backend says that a new random id is taken already. Check that create() adds a record.",
      );
    }
    state.takeKey(key);
    state.settle(changes, stored, record.data.length);
  }

  save(state: SessionState, options: WriteOptions): Promise<void> | undefined {
    const { saveNow } = this.backend;
    // What is left of a change of key takes its time.
    const isSettling = state.unfinished !== null || state.isForwardSpent() || state.isExpiryChanged;
    if (saveNow === undefined || isSettling) return this.#saveLater(state, options);
    const isSaved = this.#saveBy(saveNow, state, options);
    if (isSaved) return undefined;
    if (isSaved === undefined || !this.#reloadNow(state)) return this.#saveLater(state, options);
    if (!options.withChanges || !state.isUnsaved()) return undefined;
    noteRetry(state);
    // Nobody in this process can have come between that reading and this writing.
    return this.#saveBy(saveNow, state, options) ? undefined : this.#saveLater(state, options);
  }

  #saveBy(saveNow: SaveNow, state: SessionState, options: WriteOptions): boolean | undefined {
    const write = this.#prepare(state, options);
    const isSaved = saveNow(write.record);
    if (isSaved) this.#settle(state, write);
    return isSaved;
  }

  /** `false` when that takes time, or there is nothing to be read. */
  #reloadNow(state: SessionState): boolean {
    const found = state.key === null ? null : this.read(state.key);
    if (found === null || found instanceof Promise) return false;
    this.#take(state, found);
    return true;
  }

  async #saveLater(state: SessionState, options: WriteOptions): Promise<void> {
    if (state.unfinished !== null) await concludeRotation(this, state);
    const patience = createPatience(this.context.patience);
    for (;;) {
      const theirs = requireStored(state);
      const write = this.#prepare(state, options);
      // The client has the new key: the old one ends soon. Before the write, after which nobody knows of the old one.
      if (state.isForwardSpent()) await endForward(this, theirs, this.context.clock() + forwardLife);
      if (await this.attempt(state, write, write.record)) {
        // What it was before must not outlive it.
        if (state.isExpiryChanged) await settleSource(this, theirs);
        this.#settle(state, write);
        return;
      }
      // Read again after the pause, in which others may have written once more.
      if (!(await patience.wait())) throw overtaken(this.context);
      await this.reload(state);
      if (!options.withChanges || !state.isUnsaved()) return;
      noteRetry(state);
    }
  }

  #prepare(state: SessionState, { withChanges }: WriteOptions): PreparedWrite {
    const now = this.context.clock();
    const plan = planWrite(state, requireStored(state, now), withChanges);
    const writeId = createWriteId();
    const stored = nextRevision(state, { plan, writeId, now });
    return { writeId, changes: plan.changes, stored, record: toRecord(stored, this.context, writeId) };
  }

  #settle(state: SessionState, { changes, stored, record }: PreparedWrite): void {
    state.isCookieDue = true;
    state.settle(changes, stored, record.data.length);
  }

  async touch(state: SessionState): Promise<boolean> {
    const stored = requireStored(state);
    const expiresAt = state.nextExpiry(this.context.clock());
    if (!(await this.backend.touch(stored.id, stored.revision, expiresAt))) return false;
    state.isCookieDue = true;
    state.accept({ ...stored, expiresAt });
    return true;
  }

  async rotate(state: SessionState, options: RotationOptions): Promise<void> {
    if (state.unfinished !== null) await concludeRotation(this, state);
    await rotateRecord(this, state, options);
  }

  /** Reads what others made of the session, keeping the changes made here. Recognises own writes whose answers were lost. */
  async reload(state: SessionState): Promise<void> {
    if (state.unfinished !== null) await concludeRotation(this, state);
    const found = state.key === null ? null : await this.read(state.key);
    if (found !== null) this.#take(state, found);
    else if (!(await this.#resume(state))) throw gone(state);
  }

  #take(state: SessionState, found: FoundSession): void {
    if (found.key !== state.key) state.takeKey(found.key);
    settleAttempts(state, found.stored);
    state.accept(found.stored);
  }

  /** Follows and finishes a change of key that was made here and whose answer was lost: nobody else may follow it yet. */
  async #resume(state: SessionState): Promise<boolean> {
    const { key, stored, attempts } = state;
    if (key === null || stored === null || attempts.length === 0) return false;
    const record = await this.backend.load(stored.id);
    if (record === null || !attempts.some((attempt) => attempt.writeId === record.writeId)) return false;
    const read = readAnyRecord(record, this.context);
    const next = read.is === "moved" && read.moved.unfinished && nextKey(this, key, read.stored);
    const found = next ? await this.read(next) : null;
    if (read.is !== "moved" || found === null) return false;
    const fresh = { ...found.stored, expiresAt: state.nextExpiry(this.context.clock()) };
    const take = (): void => this.#take(state, { ...found, stored: fresh });
    await finishRotation(this, state, { fresh, moved: read.stored, take });
    return true;
  }

  async end({ stored }: SessionState): Promise<boolean> {
    return stored !== null && endRecord(this, stored);
  }

  endByToken(token: string): Promise<boolean> {
    return endByKey(this, token);
  }

  /** Adds a record, where its tenant has a limit as `addWithin` does. `replaces` is the id that its session had. */
  add(record: SessionRecord, replaces?: string): Promise<boolean> {
    const { limit } = this.context.tenant;
    if (limit === null) return this.backend.create(record);
    return addWithin(this.backend, record, replaces === undefined ? limit : { ...limit, replaces });
  }

  /** Sends a conditional write; it is remembered until it is settled, or known to be refused. */
  async attempt(
    state: SessionState,
    { writeId, changes }: Omit<WriteAttempt, "after">,
    record: SessionRecord,
  ): Promise<boolean> {
    const attempt = { writeId, changes, after: newestWrite(requireStored(state)) };
    state.attempts.push(attempt);
    const isApplied = await this.backend.save(record);
    if (!isApplied) state.attempts = state.attempts.filter((other) => other !== attempt);
    return isApplied;
  }

  /** Finds the record of a creation whose answer was lost, so that there will not be two. */
  async #findCreated(state: SessionState): Promise<boolean> {
    const { creation } = state;
    const found = creation && (await this.read(creation.key));
    if (!creation || !found) return false;
    state.takeKey(creation.key);
    state.settle(creation.changes, found.stored);
    return true;
  }
}

type SaveNow = NonNullable<SessionBackend["saveNow"]>;

/** How long an old key still leads to the new one that its client has, in milliseconds. */
const forwardLife = 10_000;
