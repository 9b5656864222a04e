import { SessionError } from "../platform/errors.js";
import type { SessionContext } from "../session/context.js";
import { createWriteId } from "../token/session-key.js";
import type { BackendAbilities, SessionBackend, SessionRecord } from "../types/backend.js";

/** What the schema's history says of the indexes, by the names that fields are stored under. */
export interface IndexHistory {
  /** Those that an earlier version did not keep, or kept otherwise. */
  readonly late: readonly string[];
  /** What those are marked under that an earlier version kept and this one does not, or keeps otherwise. */
  readonly ended: readonly string[];
  /** What an index is marked under, where that is not the name of its field. */
  readonly keys: Readonly<Record<string, string>>;
}

/**
 * What the versions of an app tell each other about their indexes, in one record beside the sessions. By stored name, or
 * by `IndexHistory.keys` where versions keep an index on one field in several ways: `true` when every record is found by the index, `false` when some version writes records that are not. What nobody
 * has said is so for an index that every version keeps, and not so for a late one. In most stores there is no such record.
 */
export type IndexMarks = Readonly<Record<string, boolean>>;

/** A store of records, or what a test puts in its place. */
type Store = Pick<SessionBackend, "load" | "save" | "create">;

/** The marks of a kind in a store. */
export async function readMarks(store: Store, kind: string): Promise<IndexMarks> {
  return toMarks(await store.load(ledgerId(kind)));
}

/** Changes the marks by compare-and-swap; nothing is written when they stay as they are. */
export async function changeMarks(
  store: Store,
  kind: string,
  change: (marks: IndexMarks) => IndexMarks,
): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const present = await store.load(ledgerId(kind));
    const before = toMarks(present);
    const after = { ...before, ...change(before) };
    if (Object.entries(after).every(([field, mark]) => before[field] === mark)) return;
    const record = toLedger(kind, after, present);
    if (await (present === null ? store.create(record) : store.save(record))) return;
  }
  throw new SessionError(
    "conflict",
    "Other processes keep changing what is noted of the indexes. Try again.",
  );
}

/** Whether a search by the index finds every session. */
export function isComplete(marks: IndexMarks, field: string, history: IndexHistory): boolean {
  return marks[markKey(field, history)] ?? !history.late.includes(field);
}

/** What the index on a field is marked under. */
export function markKey(field: string, { keys }: IndexHistory): string {
  return keys[field] ?? field;
}

/**
 * What a version has to say before it writes: that it does not keep an index, or not in that way, which is taken for
 * complete (it is an older one, or one that has come back), or which earlier versions keep that may still be running.
 */
export function signIn(marks: IndexMarks, { indexes, indexHistory }: SessionContext): IndexMarks {
  const trusted = Object.keys(marks).filter((key) => marks[key] === true);
  const own = indexes.map((field) => markKey(field, indexHistory));
  const dropped = [...trusted, ...indexHistory.ended].filter((key) => !own.includes(key));
  return Object.fromEntries(dropped.map((key) => [key, false]));
}

/** A backend with everything that a ledger is kept for. */
export function isSearched({ abilities }: SessionBackend<BackendAbilities>): boolean {
  return abilities.find !== undefined;
}

const mostAttempts = 20;

/** Whether a record of a store is none of its sessions. */
export function isIndexLedger({ id }: Pick<SessionRecord, "id">): boolean {
  return id.startsWith("indexes:") && id.endsWith(":");
}

/** Ends as no handle does, so that no session is under it. */
function ledgerId(kind: string): string {
  return `indexes:${kind}:`;
}

/** Of a kind of its own, so that nothing takes it for a session, and it is never over. */
function toLedger(kind: string, marks: IndexMarks, present: SessionRecord | null): SessionRecord {
  return {
    id: ledgerId(kind),
    tenant: null,
    header: `1;json;-;-;-;${kind}:indexes`,
    data: new TextEncoder().encode(JSON.stringify({ complete: marks })),
    revision: (present?.revision ?? 0) + 1,
    writeId: createWriteId(),
    createdAt: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
    indexed: {},
  };
}

/** What is damaged says nothing. */
function toMarks(record: SessionRecord | null): IndexMarks {
  try {
    const parsed: unknown = record && JSON.parse(new TextDecoder().decode(record.data));
    return isLedger(parsed) ? parsed.complete : {};
  } catch {
    return {};
  }
}

function isLedger(value: unknown): value is { readonly complete: IndexMarks } {
  return (
    typeof value === "object" &&
    value !== null &&
    "complete" in value &&
    typeof value.complete === "object" &&
    value.complete !== null &&
    Object.values(value.complete).every((mark) => typeof mark === "boolean")
  );
}
