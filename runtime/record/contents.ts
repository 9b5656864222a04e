import type { WireFields } from "../types/shape.js";

/** What the runtime keeps beside the fields, in the same record. Never part of the shape. */
export interface Meta {
  /** The ids of the last eight writes, newest last, eight characters each: by them a write whose answer was lost is found. */
  readonly writes: string;
  /** The expiry chosen for this session, when it is not the kind's. Milliseconds. */
  readonly expiry?: { readonly idle: number } | { readonly at: number } | "browser";
  /** The fields that another version wrote and the one that wrote this record refuses; see `StoredSession`. */
  readonly foreign?: readonly string[];
  /** Epoch milliseconds of the last change of key. */
  readonly rotatedAt?: number;
  /** The secrets that CSRF tokens of this session are made of, 22 characters each. */
  readonly csrf?: string;
  /** This record is no session any more, or will not be when a change of key is finished; see `Moved`. */
  readonly moved?: Moved;
  readonly from?: Source;
  readonly adopted?: Adopted;
}

/** Whether it holds the write ids alone, as that of most sessions. Makes no list of names, since each save asks twice. */
export function isBareMeta(meta: Meta): boolean {
  for (const name in meta) if (name !== "writes") return false;
  return true;
}

/** The session of another library that this one was made of. */
export interface Adopted {
  /** The id of the record that says so, where sessions are kept in a backend. */
  readonly claim?: string;
  /** Its id, sealed under a secret of that library. */
  readonly reference: string;
}

/** The record that a session was moved from when its key was changed. */
export interface Source {
  readonly id: string;
  /** Its revision once the change is finished. */
  readonly revision: number;
  /** Epoch milliseconds from which nothing can come back from it any more. */
  readonly until?: number;
  /** The old key opens nothing: this record is only named because a change that was not finished can be undone. */
  readonly leads?: false;
}

/** Where the session of a record went when its key changed or it ended. */
export interface Moved {
  /** The id of the record that took its place; `null` when the session has ended. */
  readonly to: string | null;
  /** The new key, sealed under the old one, so that a lost response repairs itself. */
  readonly key?: string;
  /** Epoch milliseconds from which the old key may follow. */
  readonly usableFrom?: number;
  /** Epoch milliseconds until which tokens of a sealed session may follow; without end when absent. */
  readonly usableUntil?: number;
  /**
   * The change of key was not finished yet: the record still holds the session as it was, and this is what a request with
   * the old key does from `usableFrom` on. It follows to the new key, or has the change undone. When that has begun, nobody
   * can finish the change any more but for one reason: that the new key was used to write.
   */
  readonly unfinished?: "follow" | "undo" | "undoing";
  /**
   * This record never was a session: it tells what became of one of another library. Its adoption has begun, and `to` is where
   * it will be; it is done, and `to` is where it was then; or it has ended for good.
   */
  readonly adoption?: "begun" | "done" | "ended";
}

/** The contents of a record, as opposed to its place and its times. */
export interface RecordContents {
  readonly meta: Meta;
  readonly fields: WireFields;
  /** The codec has checked the fields against the shape of this version while it decoded them, and found nothing wrong. */
  readonly isChecked?: boolean;
}

/** Whether what was decoded has the form of contents; what its meta holds is not looked at. */
export function isContents(value: unknown): value is RecordContents {
  return isObject(value) && "fields" in value && isObject(value.fields) && !Array.isArray(value.fields);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
