import { readAnyRecord, toRecord } from "../record/stored-record.js";
import type { SessionContext } from "../session/context.js";
import { endClaim } from "./claim.js";
import { replace, toRetired } from "./moved-record.js";
import type { RecordPlace } from "./record-place.js";
import { createWriteId, toId } from "./session-key.js";
import { mayComeBack } from "./settle-source.js";
import type { StoredSession } from "./token-store.js";
import { isNextWrite } from "./write-history.js";

/**
 * Ends a session for good. It is marked as ended by compare-and-swap before it is removed, so that no rotation can
 * move it in between; one that has moved already is followed, and so is one whose change of key was undone. `false` when
 * there was nothing to end.
 */
export async function endRecord(place: RecordPlace, stored: StoredSession): Promise<boolean> {
  const ending = new Ending(place);
  if (await ending.endStored(stored)) return true;
  const isEnded = await ending.endById(stored.id);
  return (await ending.endSource(stored)) || isEnded;
}

/** Ends the session that a key opens. `false` when it opens none: also an old key, which only led to it. */
export async function endByKey(place: RecordPlace, key: string): Promise<boolean> {
  const id = toId(place.context, key);
  const record = await place.backend.load(id);
  if (record === null || record.expiresAt <= place.context.clock()) return false;
  const found = readAnyRecord(record, place.context);
  if (found.is === "moved" && found.moved.key === undefined) return false;
  return endById(place, id);
}

/** The same by id, reading the record first. A mark that another ending has left is removed, and was no session. */
export function endById(place: RecordPlace, id: string): Promise<boolean> {
  return new Ending(place).endById(id);
}

/** The records that one session may be under while its key changes, each of which is ended once. */
class Ending {
  readonly #place: RecordPlace;
  readonly #seen = new Set<string>();

  constructor(place: RecordPlace) {
    this.#place = place;
  }

  async endById(id: string): Promise<boolean> {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    const { backend, context } = this.#place;
    for (let isMarked = false; ; ) {
      const record = await backend.load(id);
      if (record === null) return isMarked;
      const found = readAnyRecord(record, context);
      if (found.is === "session") {
        if (await this.endStored(found.stored)) return true;
      } else if (found.is === "moved" && found.moved.adoption !== undefined) {
        await endClaim(this.#place, id);
        return found.moved.to !== null && (await this.endById(found.moved.to));
      } else if (found.is === "moved" && found.moved.unfinished !== undefined) {
        isMarked = (await this.#markUnwritten(found.stored)) || isMarked;
        if (await this.#endUnfinished(found.stored)) return true;
      } else {
        const isEnded =
          found.is === "moved" && found.moved.to !== null && (await this.endById(found.moved.to));
        const isDeleted = await backend.delete(id);
        return found.is === "moved" ? isEnded || isMarked : isDeleted;
      }
    }
  }

  /** The mark is what ends a session: a rotation that finds it may remove it before we do. */
  async endStored(stored: StoredSession): Promise<boolean> {
    const { backend, context } = this.#place;
    const { adopted } = stored.meta;
    // First, or what it was made of could become another one.
    if (adopted?.claim !== undefined) await endClaim(this.#place, adopted.claim);
    if (!(await backend.save(endedRecord(stored, context)))) return false;
    this.#seen.add(stored.id);
    await this.endSource(stored);
    await backend.delete(stored.id);
    return true;
  }

  /** What a session was before its key changed, and before that: where that was not finished, it could come back. */
  async endSource(stored: StoredSession): Promise<boolean> {
    const { backend, context } = this.#place;
    const { from } = stored.meta;
    if (from === undefined || this.#seen.has(from.id) || !mayComeBack(stored, context.clock())) return false;
    for (;;) {
      const record = await backend.load(from.id);
      const found = record && readAnyRecord(record, context);
      if (found?.is === "session") return this.endById(from.id);
      if (found?.is !== "moved" || found.moved.unfinished === undefined || found.moved.to !== stored.id)
        return false;
      await this.endSource(found.stored);
      if (await replace(this.#place, toRetired(found.stored, this.#place))) return true;
    }
  }

  /**
   * Marks the new record as ended where nobody may have its key: were we to die once the old one does not lead there any
   * more, nobody could end it. Should we die before that, all that it holds is in the old one.
   */
  async #markUnwritten(moved: StoredSession): Promise<boolean> {
    const { backend, context } = this.#place;
    const record = await backend.load(moved.meta.moved?.to ?? "");
    const found = record && readAnyRecord(record, context);
    if (found?.is !== "session" || !isNextWrite(found.stored, moved)) return false;
    return backend.save(endedRecord(found.stored, context));
  }

  /** Before the new record is ended, the old one must not come back, nor what that was moved from. */
  async #endUnfinished(moved: StoredSession): Promise<boolean> {
    await this.endSource(moved);
    if (!(await replace(this.#place, toRetired(moved, this.#place)))) return false;
    const to = moved.meta.moved?.to ?? null;
    if (to !== null) await this.endById(to);
    await this.#place.backend.delete(moved.id);
    return true;
  }
}

const markerLife = 60_000;

function endedRecord(stored: StoredSession, context: SessionContext): ReturnType<typeof toRecord> {
  const writeId = createWriteId();
  const ended: StoredSession = {
    ...stored,
    revision: stored.revision + 1,
    expiresAt: context.clock() + markerLife,
    meta: { writes: writeId, moved: { to: null } },
    fields: {},
    refused: {},
  };
  return toRecord(ended, context, writeId);
}
