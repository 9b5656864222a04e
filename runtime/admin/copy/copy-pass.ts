import { isIndexLedger } from "../../store/index-ledger.js";
import type { SessionRecord } from "../../types/backend.js";
import { bringRecord, type PlannedRecord, removeUnchanged } from "./bring-record.js";
import { type CopyStep, stepFor } from "./compare-records.js";
import { type CopyRun, liveAtSource, pagesOf } from "./copy-run.js";
import { inBatches, inParallel } from "./in-parallel.js";

/** One walk over the source, and over what earlier walks brought. */
export interface PassResult {
  /** Live sessions, of which the target keeps so many in a newer revision. */
  readonly sessions: number;
  readonly newer: number;
  readonly expired: number;
  /** How much there was to do. */
  readonly work: number;
  /** Where the walk was when it was stopped. */
  readonly stoppedAfter?: string | undefined;
  readonly isStopped: boolean;
}

/** Brings what is missing or older at the target, then deletes there what has ended at the source. */
export async function copyPass(run: CopyRun, pass: number, start?: string): Promise<PassResult> {
  const result = { sessions: 0, newer: 0, expired: 0, work: 0 };
  let seen = 0;
  let after = start;
  const stopped = (): PassResult => ({ ...result, isStopped: true, stoppedAfter: after });
  for await (const { records, next } of pagesOf(run.from, run.batchSize, start)) {
    const live = records.filter((record) => record.expiresAt > run.clock());
    const steps = await bringAll(run, live);
    result.sessions += sessionsAmong(live).length;
    result.expired += records.length - live.length;
    result.newer += steps.filter((step) => step === "keep").length;
    result.work += steps.filter((step) => step !== "keep" && step !== "none").length;
    seen += sessionsAmong(records).length;
    after = next;
    run.report({ step: "copy", pass, seen, ...(next !== undefined && { after: next }) });
    if (next !== undefined && run.isStopped()) return stopped();
  }
  if (!run.isDry && start === undefined) await run.ledger.complete();
  const ended = await deleteEnded(run, pass);
  result.work += ended.work;
  const isStopped = ended.isStopped || (run.isStopped() && result.work > 0);
  return isStopped ? stopped() : { ...result, isStopped };
}

/** Brings live records of the source; answers what was to be done for each. */
export async function bringAll(
  run: CopyRun,
  records: readonly SessionRecord[],
): Promise<readonly CopyStep[]> {
  const planned = await inParallel(records, async (source): Promise<PlannedRecord> => {
    const present = await run.to.load(source.id);
    return { source, present, step: stepFor(source, present) };
  });
  if (!run.isDry) {
    // What an earlier copy brought without this ledger is recognised by being the same.
    const isNews = ({ step }: PlannedRecord): boolean =>
      step !== "keep" && (step !== "none" || !run.ledger.isComplete);
    await run.ledger.add(planned.filter(isNews).map(({ source: { id, writeId } }) => ({ id, writeId })));
  }
  await inParallel(planned, async (record) => {
    const isDone = run.isDry || (await bringRecord(run.to, record));
    if (isDone && !isIndexLedger(record.source)) count(run, record.step);
  });
  return planned.map(({ step }) => step);
}

/** What is known of indexes is brought along, and is no session. */
export function sessionsAmong(records: readonly SessionRecord[]): readonly SessionRecord[] {
  return records.filter((record) => !isIndexLedger(record));
}

function count({ counts }: CopyRun, step: CopyStep): void {
  if (step === "create") counts.created += 1;
  if (step === "replace") counts.replaced += 1;
  if (step === "touch") counts.touched += 1;
}

/** Deletes at the target what has ended at the source, where its last write there is one that a copy brought. */
async function deleteEnded(
  run: CopyRun,
  pass: number,
): Promise<{ readonly work: number; readonly isStopped: boolean }> {
  let work = 0;
  let seen = 0;
  for await (const writes of inBatches(run.ledger.writes(), run.batchSize)) {
    if (run.isStopped()) return { work, isStopped: true };
    await inParallel(writes, async ({ id, writeId }) => {
      if ((await liveAtSource(run, id)) !== null) return;
      const present = await run.to.load(id);
      if (present?.writeId !== writeId || present.expiresAt <= run.clock()) return;
      work += 1;
      if (run.isDry || (await removeUnchanged(run.to, present))) run.counts.deleted += 1;
    });
    seen += writes.length;
    run.report({ step: "delete", pass, seen });
  }
  return { work, isStopped: false };
}
