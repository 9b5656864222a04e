import type { Analytics } from "../observability/analytics.js";
import type { Fields } from "../record/fields.js";
import type { RecordFormat } from "../record/record-format.js";
import type { Upgrades } from "../record/upgrades.js";
import type { IndexHistory } from "../store/index-ledger.js";
import type { Tenant } from "../store/tenant.js";
import type { TokenStore } from "../token/token-store.js";
import type { CheckWire } from "../types/check-wire.js";
import type { ExpiryPolicy } from "./expiry.js";
import type { RotationPolicy } from "./rotation-policy.js";

/** What to do with a record of this version that does not validate. */
export type InvalidPolicy = "reset" | "drop-field" | "throw";

/** Everything that the sessions of one kind have in common, made ready once. */
export interface SessionContext {
  /** The kind's name. */
  readonly name: string;
  /** Whose sessions they are. */
  readonly tenant: Tenant;
  readonly fields: Fields;
  /** The indexed fields, as they are stored. */
  readonly indexes: readonly string[];
  /** Which of them are not known to be complete, and which are no longer kept; see `IndexLedger`. */
  readonly indexHistory: IndexHistory;
  readonly shapeHash: string;
  /** How its records are written and read. */
  readonly format: RecordFormat;
  readonly checkWire: CheckWire;
  /** How fields of older versions are converted; `undefined` where the schema names no upgrades. */
  readonly upgrades: Upgrades | undefined;
  readonly onInvalid: InvalidPolicy;
  readonly expiry: ExpiryPolicy;
  readonly rotation: RotationPolicy;
  /** How long a write that others keep overtaking is tried again, in milliseconds. */
  readonly patience: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly warn: (message: string) => void;
  /** Told what happens; `undefined` when nobody listens. */
  readonly analytics: Analytics | undefined;
}

/** A context with the place where its sessions are kept. */
export interface StoredContext extends SessionContext {
  readonly store: TokenStore;
}
