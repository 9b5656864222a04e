import { withDeadline } from "../backends/deadline.js";
import { type Duration, toMilliseconds } from "../platform/duration.js";
import { SessionError } from "../platform/errors.js";
import { isOfKind } from "../record/record.js";
import type { SessionContext } from "../session/context.js";
import { changeMarks, isComplete, isSearched, markKey, readMarks } from "../store/index-ledger.js";
import type { BackendAbilities, Scannable, SessionBackend, SessionRecord } from "../types/backend.js";
import type { RecordOwner } from "./copy/copy-options.js";
import { inParallel } from "./copy/in-parallel.js";
import { type Reindexed, reindexRecord } from "./reindex/reindex-record.js";

/** Options of `reindexSessions`. */
export interface ReindexOptions {
  /** The sessions of this version, for how their records are read: `createSessions()`. */
  readonly sessions: RecordOwner;
  /** Where they are. */
  readonly backend: SessionBackend;
  /** How many records are held at a time; 500 when left out. */
  readonly batchSize?: number;
  /** How often all records are walked over at most, until a walk finds nothing to do; 10 when left out. */
  readonly passes?: number;
  /** Ends it after the batch at hand. */
  readonly signal?: AbortSignal;
  /** Called after each batch. */
  readonly onProgress?: (progress: ReindexProgress) => void;
  /** Bounds every call of the backend; ten seconds when left out. */
  readonly deadline?: Duration;
}

/** How far a reindex has come. */
export interface ReindexProgress {
  /** 1 is the first walk. */
  readonly pass: number;
  /** How many records of this walk have been looked at. */
  readonly seen: number;
  /** How many have been brought up to date, in all walks. */
  readonly updated: number;
}

/** What a reindex has come to. */
export interface ReindexReport {
  /**
   * `complete`: a walk found nothing to do, and from now on the indexes are trusted. `changing`: every walk that was
   * allowed found something, so that an older version must be running. `stopped`: by the signal.
   */
  readonly outcome: "complete" | "changing" | "stopped";
  readonly passes: number;
  /** Live sessions of the last walk. */
  readonly sessions: number;
  readonly updated: number;
  /** How many records of the last walk could not be read, and were left as they are. */
  readonly unreadable: number;
}

/** An index, and whether every session is found by it. Where not, a search looks at every session. */
export interface IndexState {
  /** The name of the field. */
  readonly field: string;
  readonly isComplete: boolean;
}

/**
 * Brings the indexes up to date with the records, in batches, each record by compare-and-swap; the app may be in use.
 * Run it when no older version of the app writes any more. When it was stopped or killed it is called again: what is
 * right already is only read.
 *
 * Rejects with `SessionError`: `"unsupported"` when the backend cannot find by an index or walk over its records, else
 * as the backend fails.
 */
export async function reindexSessions(options: ReindexOptions): Promise<ReindexReport> {
  const { sessions, passes = 10, signal } = options;
  const context = sessions.recordContext;
  const backend = toBackend(options);
  await context.format.ready();
  let updated = 0;
  for (let pass = 1; ; pass++) {
    const walk = await walkOnce({ ...options, backend, context, pass, updated });
    updated += walk.updated;
    const { sessions, unreadable } = walk;
    const report = { passes: pass, sessions, updated, unreadable };
    if (signal?.aborted) return { outcome: "stopped", ...report };
    if (walk.updated + walk.busy === 0) {
      await changeMarks(backend, context.name, (marks) => toFinished(marks, context));
      return { outcome: "complete", ...report };
    }
    if (pass >= passes) return { outcome: "changing", ...report };
  }
}

/** Which indexes of the sessions are complete. */
export async function indexStates({
  sessions: { recordContext: context },
  backend,
}: Pick<ReindexOptions, "sessions" | "backend">): Promise<readonly IndexState[]> {
  const marks = isSearched(backend) ? await readMarks(backend, context.name) : {};
  return context.indexes.map((stored) => ({
    field: context.fields.nameOf(stored),
    isComplete: isComplete(marks, stored, context.indexHistory),
  }));
}

interface Walk extends Omit<ReindexOptions, "backend"> {
  readonly backend: SessionBackend<BackendAbilities & { readonly scan: Scannable }>;
  readonly context: SessionContext;
  readonly pass: number;
  /** By earlier walks. */
  readonly updated: number;
}

interface WalkResult {
  readonly sessions: number;
  readonly updated: number;
  readonly unreadable: number;
  readonly busy: number;
}

async function walkOnce(walk: Walk): Promise<WalkResult> {
  const { backend, context, pass, signal, onProgress, batchSize: limit = 500 } = walk;
  const counts = { right: 0, updated: 0, unreadable: 0, gone: 0, busy: 0 } satisfies Record<
    Reindexed,
    number
  >;
  let seen = 0;
  let after: string | undefined;
  do {
    const page = await backend.abilities.scan.scan(after === undefined ? { limit } : { after, limit });
    const isWanted = ({ header }: SessionRecord): boolean => isOfKind(header, context.name);
    for (const result of await inParallel(page.records.filter(isWanted), (record) =>
      reindexRecord(backend, record, context),
    ))
      counts[result] += 1;
    seen += page.records.length;
    after = page.next;
    onProgress?.({ pass, seen, updated: walk.updated + counts.updated });
  } while (after !== undefined && !signal?.aborted);
  const { right, updated, unreadable, busy } = counts;
  return { sessions: right + updated + busy, updated, unreadable, busy };
}

/** Nothing is noted of an index that is taken for complete anyway. */
function toFinished(
  marks: Readonly<Record<string, boolean>>,
  { indexes, indexHistory }: SessionContext,
): Readonly<Record<string, boolean>> {
  const doubtful = indexes.filter((field) => !isComplete(marks, field, indexHistory));
  return Object.fromEntries(doubtful.map((field) => [markKey(field, indexHistory), true]));
}

function toBackend({
  backend,
  batchSize = 500,
  passes = 10,
  deadline = "10s",
}: ReindexOptions): Walk["backend"] {
  for (const [name, value] of Object.entries({ batchSize, passes })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new SessionError("invalid", `${name} must be a whole number of at least 1.`);
  }
  const bounded = withDeadline(backend, toMilliseconds(deadline, "deadline"));
  if (isSearched(bounded) && canBeScanned(bounded)) return bounded;
  throw new SessionError(
    "unsupported",
    "This backend cannot find sessions by an index and walk over them, so that there is nothing to bring up to date.",
  );
}

function canBeScanned(backend: SessionBackend): backend is Walk["backend"] {
  return backend.abilities.scan !== undefined;
}
