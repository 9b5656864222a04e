import { SessionError } from "../../platform/errors.js";
import type { StoredContext } from "../../session/context.js";
import { isTouchDue } from "../../session/expiry.js";
import type { ForeignSession } from "../../token/foreign-session.js";
import type { FoundSession } from "../../token/token-store.js";

/** Another library whose sessions become ours; made by `fromExpressSession`, for the option `adopt` of an adapter. */
export interface SessionAdoption {
  /** The sessions whose cookies a request brings, as far as they are signed; each must answer within so many milliseconds. */
  presented(cookieHeader: string | undefined, milliseconds: number): readonly ForeignSession[];
  /** The session of a `reference`; `null` when none of the secrets opens that. */
  find(reference: string, milliseconds: number): ForeignSession | null;
}

/** A request that may bring a session of another library. */
export interface AdoptingRequest {
  readonly cookieHeader: string | undefined;
  readonly adoption: SessionAdoption;
  /** What `of` finds the session by. */
  readonly request?: object | undefined;
}

/** What a request brought. */
interface Presented extends AdoptingRequest {
  /** The session of ours that it brought. */
  readonly own: FoundSession | null;
}

/** A session of ours, and the one that it was made of; or that none could be made of, for want of room. */
interface Adopted {
  readonly found: FoundSession | null;
  readonly foreign: ForeignSession | null;
}

/**
 * The session of a request that may bring one of another library: ours, unless what it was made of has been ended over
 * there meanwhile; else one that becomes ours. Two live ones of the other library are both refused: one was planted.
 */
export async function findAdopted(
  { own, cookieHeader, adoption }: Presented,
  context: StoredContext,
): Promise<Adopted> {
  const { store, patience } = context;
  if (own !== null) {
    const foreign = foreignOf(own, adoption, patience);
    if (foreign === null || (await isOpen(own, foreign, context))) return { found: own, foreign };
    await store.endByToken(own.key);
  }
  const foreign = await theOne(adoption.presented(cookieHeader, patience));
  return foreign === null ? { found: null, foreign } : adopt(foreign, adoption, context);
}

/**
 * Where a session of ours has no room, in its tenant or in a cookie, the request is a guest's: it may want no session at
 * all, and each page of that person would fail. A logout ends the one over there, which would be adopted later.
 */
async function adopt(
  foreign: ForeignSession,
  adoption: SessionAdoption,
  context: StoredContext,
): Promise<Adopted> {
  try {
    const found = await context.store.adopt(foreign);
    return { found, foreign: found && foreign };
  } catch (error) {
    if (!(error instanceof SessionError) || (error.code !== "limit" && error.code !== "too-large"))
      throw error;
    warnOfNoRoom(error, adoption, context);
    return { found: null, foreign };
  }
}

const quietUntil = new WeakMap<SessionAdoption, number>();

/** At most once a minute: it comes with each page. */
function warnOfNoRoom({ message }: SessionError, adoption: SessionAdoption, context: StoredContext): void {
  const now = context.clock();
  if (now < (quietUntil.get(adoption) ?? now)) return;
  quietUntil.set(adoption, now + 60_000);
  context.warn(`A session of another library was not adopted as a ${context.name}: ${message}`);
}

function foreignOf(
  { stored }: FoundSession,
  adoption: SessionAdoption,
  milliseconds: number,
): ForeignSession | null {
  const { adopted } = stored.meta;
  return adopted === undefined ? null : adoption.find(adopted.reference, milliseconds);
}

/** Whether the session over there, where it is kept, is still there; it lives on as ours does. */
async function isOpen(
  { stored }: FoundSession,
  foreign: ForeignSession,
  context: StoredContext,
): Promise<boolean> {
  if (!foreign.isKept) return true;
  if (!(await foreign.isLive())) return false;
  if (isTouchDue(context.expiry, stored.meta.expiry, stored, context.clock())) await foreign.touch();
  return true;
}

async function theOne(presented: readonly ForeignSession[]): Promise<ForeignSession | null> {
  const [first = null] = presented;
  if (presented.length < 2) return first;
  const asked = await Promise.all(presented.map(async (one) => ((await one.isLive()) ? [one] : [])));
  const [live = null, ...others] = asked.flat();
  return others.length === 0 ? live : null;
}
