import type { RecordPage, SessionBackend, SessionRecord } from "../../types/backend.js";
import type { RecordConversion } from "./convert-record.js";
import type { CopyLedger } from "./copy-ledger.js";
import type { CopyCounts, CopyOptions, CopyProgress, CopySource } from "./copy-options.js";

/** What the parts of a copy share: the two places, and what has been done so far. */
export interface CopyRun {
  readonly from: CopySource;
  readonly to: SessionBackend;
  readonly ledger: CopyLedger;
  /** Present when the records of `from` are converted. */
  readonly conversion?: RecordConversion | undefined;
  readonly batchSize: number;
  readonly isDry: boolean;
  readonly clock: () => number;
  readonly counts: { -readonly [Name in keyof CopyCounts]: CopyCounts[Name] };
  readonly isStopped: () => boolean;
  readonly report: (progress: Omit<CopyProgress, keyof CopyCounts>) => void;
}

/** A run of these options, over backends that have their deadline. */
export function createRun(
  options: Pick<CopyOptions, "dryRun" | "signal" | "onProgress" | "clock">,
  parts: Pick<CopyRun, "from" | "to" | "ledger" | "batchSize" | "conversion">,
): CopyRun {
  const counts = { created: 0, replaced: 0, touched: 0, deleted: 0 };
  return {
    ...parts,
    isDry: options.dryRun === true,
    clock: options.clock ?? Date.now,
    counts,
    isStopped: () => options.signal?.aborted === true,
    report: (progress) => options.onProgress?.({ ...progress, ...counts }),
  };
}

/** The pages of a walk over a source. */
export async function* pagesOf(
  source: CopySource,
  limit: number,
  start?: string,
): AsyncGenerator<RecordPage> {
  let after = start;
  do {
    const page = await source.abilities.scan.scan(after === undefined ? { limit } : { after, limit });
    yield page;
    after = page.next;
  } while (after !== undefined);
}

/** The record that the source has now, unless it is over. */
export async function liveAtSource(run: CopyRun, id: string): Promise<SessionRecord | null> {
  const record = await run.from.load(id);
  return record !== null && record.expiresAt > run.clock() ? record : null;
}
