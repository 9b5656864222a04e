import type { SessionRecord } from "../../types/backend.js";
import { isSameRecord, stepFor } from "./compare-records.js";
import type { CopySource, CopyVerification } from "./copy-options.js";
import { bringAll, sessionsAmong } from "./copy-pass.js";
import { type CopyRun, liveAtSource, pagesOf } from "./copy-run.js";
import { inParallel } from "./in-parallel.js";

/** How many handles a report names. */
const namedHandles = 20;

/** A record that changes at the source while it is compared is brought and compared again, so many times. */
const comparisons = 3;

/** Compares every live session of the source with the target's. What is newer there is no difference. */
export async function verifyCopy(run: CopyRun, pass: number): Promise<CopyVerification> {
  const handles: string[] = [];
  let [compared, different, seen] = [0, 0, 0];
  for await (const { records } of pagesOf(run.from, run.batchSize)) {
    const live = records.filter((record) => record.expiresAt > run.clock());
    const faults = await inParallel(live, async (record) => !(await isThere(run, record)));
    compared += sessionsAmong(live).length;
    for (const [at, isFault] of faults.entries()) {
      if (!isFault) continue;
      different += 1;
      const record = live[at];
      if (record !== undefined && handles.length < namedHandles) handles.push(record.id);
    }
    seen += sessionsAmong(records).length;
    run.report({ step: "verify", pass, seen });
    if (run.isStopped()) break;
  }
  const foreign = run.isStopped() ? undefined : await countForeign(run);
  return { compared, different, handles, ...(foreign !== undefined && { foreign }) };
}

/** Whether the target has the session as the source has it, or newer. */
async function isThere(run: CopyRun, record: SessionRecord): Promise<boolean> {
  let source: SessionRecord | null = record;
  for (let comparison = 1; ; comparison++) {
    const present = await run.to.load(source.id);
    if (present !== null && isSameRecord(source, present, run.conversion)) return true;
    source = await liveAtSource(run, record.id);
    if (source === null) return true;
    const step = stepFor(source, present);
    if (step === "keep") return true;
    if (present !== null && isSameRecord(source, present, run.conversion)) return true;
    if (run.isDry || step === "none" || comparison === comparisons) return false;
    await bringAll(run, [source]);
  }
}

async function countForeign(run: CopyRun): Promise<number | undefined> {
  const { to } = run;
  if (!canBeScanned(to)) return undefined;
  let foreign = 0;
  for await (const { records } of pagesOf(to, run.batchSize)) {
    const live = sessionsAmong(records).filter((record) => record.expiresAt > run.clock());
    const found = await inParallel(live, ({ id }) => liveAtSource(run, id));
    foreign += found.filter((record) => record === null).length;
    if (run.isStopped()) return undefined;
  }
  return foreign;
}

/** Whether a backend can be walked over. */
export function canBeScanned(backend: CopyRun["to"]): backend is CopySource {
  return backend.abilities.scan !== undefined;
}
