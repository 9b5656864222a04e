import type { Duration } from "../../platform/duration.js";
import type { SessionContext } from "../../session/context.js";
import type { BackendAbilities, Scannable, SessionBackend } from "../../types/backend.js";
import type { CopyLedger } from "./copy-ledger.js";

/** A backend whose records can be walked over, so that they can be copied. */
export type CopySource = SessionBackend<BackendAbilities & { readonly scan: Scannable }>;

/** Sessions, for how their records are written. */
export interface RecordOwner {
  readonly recordContext: SessionContext;
}

/** Options of `copySessions`. */
export interface CopyOptions {
  /** Where the sessions are. It is only read. */
  readonly from: CopySource;
  /** Where they are to be. What is newer there stays. */
  readonly to: SessionBackend;
  /** Where an earlier, stopped copy of the same two backends had come to: the `after` of its report. */
  readonly after?: string | undefined;
  /**
   * Converts each record from the format of the first sessions to that of the second: `{ from: createSessions(), to:
   * createSessions() }` of two generated outputs, or twice of one whose codec has changed. What cannot be read is
   * copied as it is; without this, everything is.
   */
  readonly convert?: { readonly from: RecordOwner; readonly to: RecordOwner };
  /**
   * Remembers which writes were brought, so that what is deleted at the source can be deleted at the target. In
   * memory when left out, some 200 bytes a session; to resume a copy in another process, give one that is kept.
   */
  readonly ledger?: CopyLedger;
  /** How many records are held at a time; 500 when left out. */
  readonly batchSize?: number;
  /** How often the source is walked over at most, until a walk finds nothing to do; 10 when left out. */
  readonly passes?: number;
  /** Nothing is written; the report says what one pass would do. */
  readonly dryRun?: boolean;
  /** At the end every session is compared, byte by byte. */
  readonly verify?: boolean;
  /** Ends the copy after the batch at hand. */
  readonly signal?: AbortSignal;
  /** Called after each batch. */
  readonly onProgress?: (progress: CopyProgress) => void;
  /** Bounds every call of both backends; ten seconds when left out. */
  readonly deadline?: Duration;
  /** Epoch milliseconds; `Date.now` when left out. */
  readonly clock?: () => number;
}

/** What a copy has done so far. A session that changed between two passes counts in both. */
export interface CopyCounts {
  /** Sessions that the target did not have. */
  readonly created: number;
  /** Sessions that were older at the target. */
  readonly replaced: number;
  /** Sessions whose expiry alone had moved. */
  readonly touched: number;
  /** Sessions that this ledger's copies brought and that have ended at the source. */
  readonly deleted: number;
}

/** How far a copy has come. */
export interface CopyProgress extends CopyCounts {
  /** What the batch was for. */
  readonly step: "copy" | "delete" | "verify";
  /** 1 is the first walk over the source. */
  readonly pass: number;
  /** How many records of this walk have been looked at. */
  readonly seen: number;
  /** Where a copy may go on if this one is stopped here. */
  readonly after?: string;
}

/** What a copy has come to. */
export interface CopyReport extends CopyCounts {
  /**
   * `complete`: the last pass found nothing to do. `changing`: the source changed during every pass that was
   * allowed, so that its last changes may be missing. `stopped`: by the signal; go on with `after`.
   * `planned`: a dry run.
   */
  readonly outcome: "complete" | "changing" | "stopped" | "planned";
  readonly passes: number;
  /** Live sessions of the last pass. */
  readonly sessions: number;
  /** Of those, how many the target keeps in a newer revision, or in the same one by another write. */
  readonly newer: number;
  /** Expired records of the last pass, which are not copied. */
  readonly expired: number;
  /** How many records could not be read, and were copied as they are; present when records were converted. */
  readonly unreadable?: number;
  /** Present when the sessions were compared. */
  readonly verified?: CopyVerification;
  /** Where to go on; present when the copy was stopped within its first pass. */
  readonly after?: string;
}

/** What a comparison of all sessions has found. */
export interface CopyVerification {
  /** How many sessions were compared. */
  readonly compared: number;
  /** How many of them are missing or not the same at the target. */
  readonly different: number;
  /** The public handles of the first twenty that differ. */
  readonly handles: readonly string[];
  /** Live sessions of the target that the source has not, whoever made them; absent when the target cannot be walked over. */
  readonly foreign?: number;
}
