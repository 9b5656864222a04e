import type { WireFields } from "./shape.js";

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
  /** This record has no session any more; see `Moved`. */
  readonly moved?: Moved;
  /** The moved record that still leads here, to be retired once this key is presented. */
  readonly from?: { readonly id: string; readonly revision: number };
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
}

/** The contents of a record, as opposed to its place and its times. */
export interface RecordContents {
  readonly meta: Meta;
  readonly fields: WireFields;
  /** The codec has checked the fields against the shape of this version while it decoded them, and found nothing wrong. */
  readonly isChecked?: boolean;
}
