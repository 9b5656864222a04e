import { openText, sealText } from "../platform/built-ins.js";
import { SessionError } from "../platform/errors.js";
import { toRecord } from "../record/stored-record.js";
import type { SessionRecord } from "../types/backend.js";
import { toAdopted, type UnplacedSession } from "./adopted-session.js";
import { type Claim, endClaim, loadClaim, writeClaim } from "./claim.js";
import { endById } from "./end-record.js";
import { type FollowingStore, unfinishedLife } from "./follow-moved.js";
import type { ForeignSession } from "./foreign-session.js";
import { overtaken } from "./next-revision.js";
import { createPatience } from "./patience.js";
import { createKey, createWriteId, toId } from "./session-key.js";
import type { FoundSession, StoredSession } from "./token-store.js";

interface AdoptingStore extends FollowingStore {
  /** Adds a record within the limit of its tenant. */
  add(record: SessionRecord): Promise<boolean>;
}

/**
 * The session of ours that one of another library has become, or becomes now; `null` when it has ended, or never was one.
 * Requests that come at once meet in one session: (1) one of them claims it, by a record that holds the new key sealed;
 * (2) it adds the session; (3) it says in the claim that this is done. The others wait, and take over a claim whose
 * maker died in between.
 */
export async function adoptRecord(
  store: AdoptingStore,
  foreign: ForeignSession,
): Promise<FoundSession | null> {
  const { context } = store;
  const id = toId(context, foreign.name);
  let patience = createPatience(context.patience);
  let isTakenOver = false;
  await context.format.ready();
  for (let claim = await loadClaim(store, id); ; claim = await loadClaim(store, id)) {
    const adoption = claim === null || claim.isExpired ? undefined : claim.moved.adoption;
    if (adoption === "ended") return claim?.isReadable === true ? refuse(foreign) : null;
    if (claim !== null && adoption === "done") return follow(store, claim, foreign);
    if (adoption === "begun" && (await patience.wait())) continue;
    const fresh = await toAdopted(foreign, context);
    if (fresh === null) {
      // Unless somebody has just adopted it, and ended it over there.
      const now = await loadClaim(store, id);
      if (now === null || now.stored.revision === claim?.stored.revision) return null;
      continue;
    }
    const found = await begin(store, { id, before: claim, fresh, foreign });
    if (found !== null) return found;
    if (await patience.wait()) continue;
    if (isTakenOver) throw overtaken(context);
    // All who waited for one who died try to take over: those who were too late have another one to wait for.
    isTakenOver = true;
    patience = createPatience(context.patience);
  }
}

/** It goes there too, should it have been left behind. */
async function refuse(foreign: ForeignSession): Promise<null> {
  if (foreign.isKept) await foreign.end();
  return null;
}

/** Nobody who has only the old cookie gets to a session whose key was changed for good: that was a login. */
async function follow(
  store: AdoptingStore,
  { moved, stored: { id } }: Claim,
  foreign: ForeignSession,
): Promise<FoundSession | null> {
  const { to, key } = moved;
  if (foreign.isKept && !(await foreign.isLive())) {
    await endClaim(store, id);
    if (to !== null) await endById(store, to);
    return null;
  }
  const next = key === undefined ? null : openWithAny(key, foreign.secrets);
  const found = next === null ? null : await store.read(next);
  return found && { ...found, isForwarded: true };
}

function openWithAny(sealed: string, secrets: readonly string[]): string | null {
  for (const secret of secrets) {
    const key = openText(sealed, secret);
    if (key !== null) return key;
  }
  return null;
}

interface Adoption {
  readonly id: string;
  /** The claim that is replaced. */
  readonly before: Claim | null;
  readonly fresh: UnplacedSession;
  readonly foreign: ForeignSession;
}

/** The three steps; `null`, leaving nothing, when somebody else was faster. */
async function begin(store: AdoptingStore, adoption: Adoption): Promise<FoundSession | null> {
  const { context, backend } = store;
  const { id, before, foreign } = adoption;
  const key = createKey();
  const lead = { to: toId(context, key), key: sealText(key, foreign.secrets[0]) };
  const begun = await writeClaim(
    store,
    { id, before },
    { moved: { ...lead, adoption: "begun" }, expiresAt: context.clock() + unfinishedLife },
  );
  if (begun === null) return null;
  const abandoned = before?.moved.adoption === "begun" ? before.moved.to : null;
  // Of one who died, or is late.
  if (abandoned !== null) await backend.delete(abandoned);
  const stored = await addOrGiveUp(store, adoption, begun);
  if (stored === null) return null;
  context.analytics?.note({ type: "created", handle: stored.id });
  await foreign.giveWay();
  return { key, isForwarded: true, stored };
}

/** Steps 2 and 3. Where they fail, whoever comes next need not wait. */
async function addOrGiveUp(
  store: AdoptingStore,
  adoption: Adoption,
  begun: Claim,
): Promise<StoredSession | null> {
  const { context, backend } = store;
  const claimed = { id: adoption.id, before: begun };
  try {
    const stored = await addAdopted(store, adoption, begun);
    const done = {
      moved: { ...begun.moved, adoption: "done" },
      expiresAt: stored.expiresAt,
    } as const;
    if ((await writeClaim(store, claimed, done)) !== null) return stored;
    await backend.delete(stored.id);
    return null;
  } catch (error) {
    await writeClaim(store, claimed, { moved: begun.moved, expiresAt: context.clock() });
    throw error;
  }
}

async function addAdopted(
  store: AdoptingStore,
  { id, fresh, foreign }: Adoption,
  begun: Claim,
): Promise<StoredSession> {
  const { context } = store;
  const writeId = createWriteId();
  const meta = { ...fresh.meta, writes: writeId, adopted: { reference: foreign.reference, claim: id } };
  const stored: StoredSession = { ...fresh, id: begun.moved.to ?? "", revision: 1, meta };
  const record = toRecord(stored, context, writeId);
  if (!(await store.add(record))) throw taken();
  context.analytics?.note({ type: "saved", handle: stored.id, bytes: record.data.length });
  return stored;
}

function taken(): SessionError {
  return new SessionError(
    "unavailable",
    "The backend says that a new random id is taken already. Check that create() adds a record.",
  );
}
