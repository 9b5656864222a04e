import type { Compression } from "./compression/compression.js";
import type { KeyTexts } from "./platform/crypto/key-text.js";
import type { Duration } from "./platform/duration.js";
import type { EncryptionOptions } from "./record/encryption.js";
import type { KindUpgrades } from "./record/upgrades.js";
import type { InvalidPolicy } from "./session/context.js";
import type { ExpiryOptions } from "./session/expiry.js";
import type { MergeStrategy } from "./session/merge.js";
import type { RotationOptions } from "./session/rotation-policy.js";
import type { SessionState } from "./session/session-state.js";
import type { TenancyOptions } from "./store/tenant.js";
import type { CookieOptions } from "./transport/cookie-policy.js";
import type { BackendAbilities, SessionBackend } from "./types/backend.js";
import type { CheckWire } from "./types/check-wire.js";
import type { Codec } from "./types/codec.js";
import type { SessionSink } from "./types/session-event.js";
import type { Shape } from "./types/shape.js";

/** What a schema says about its kind of session, as generated code hands it to the runtime. */
export interface SessionKind<S> {
  /** `"session"`, or as the schema names it: also the name of the request's property. */
  readonly name: string;
  /** The generated class. */
  readonly Session: new (
    state: SessionState,
  ) => S;
  readonly shape: Shape;
  /** Names this version of the shape; written into each record. */
  readonly shapeHash: string;
  readonly checkWire: CheckWire;
  readonly codec: Codec;
  /** How fields of older versions are converted; none are when left out. */
  readonly upgrades?: KindUpgrades;
  /** Those that wrote records before the schema chose another: they are read, and written anew at their next save. */
  readonly formerCodecs?: readonly Codec[];
  /** Off when left out. Records of any other compression are read, and written anew at their next save. */
  readonly compression?: Compression;
  /** Off when left out. While it is on, no record is read that is not encrypted. */
  readonly encryption?: EncryptionOptions;
  readonly indexes?: readonly string[];
  /** Of those, as stored: the ones that an earlier version did not keep. Its records are not found by them before a reindex. */
  readonly lateIndexes?: readonly string[];
  /** What indexes are marked under that an earlier version kept and this one does not, or keeps otherwise. */
  readonly endedIndexes?: readonly string[];
  /** By stored name, what an index is marked under where an earlier version keeps one on the field otherwise; else its name. */
  readonly indexKeys?: Readonly<Record<string, string>>;
  readonly merge?: Readonly<Record<string, MergeStrategy>>;
  readonly redact?: readonly string[];
  readonly expiry?: ExpiryOptions;
  readonly rotation?: RotationOptions;
  readonly cookie?: CookieOptions;
  /** Keeps tenants apart; without it there are none. */
  readonly tenancy?: TenancyOptions;
  /** Bounds every call of the backend; two seconds when left out. */
  readonly deadline?: Duration;
  readonly onInvalid?: InvalidPolicy;
}

/** A kind whose sessions belong to tenants. */
export interface TenantedKind<S> extends SessionKind<S> {
  readonly tenancy: TenancyOptions;
}

/**
 * Where warnings go, as one text; `console`, pino and winston fit. What the schema's `analytics: { log: true }` writes comes
 * object first where there is an `info`, as pino takes it; `console` gets one line.
 */
export interface SessionLogger {
  warn(message: string): void;
  info?(event: object | string, message?: string): void;
  debug?(event: object | string, message?: string): void;
  error?(event: object | string, message?: string): void;
}

/** What can be replaced when sessions are opened: each member stands in for that of the schema. */
export interface SessionsOptions<A extends BackendAbilities = BackendAbilities> {
  /** Any backend of your own; it is not closed by `close()`. Its abilities decide which methods exist. */
  readonly backend?: SessionBackend<A>;
  readonly cookie?: CookieOptions;
  readonly expiry?: ExpiryOptions;
  readonly rotation?: RotationOptions;
  readonly deadline?: Duration;
  /** Epoch milliseconds; `Date.now` when left out. Where it answers something else, calls throw `SessionError` `"config"`. */
  readonly clock?: () => number;
  /** `console` when left out. */
  readonly logger?: SessionLogger;
  /** Are told what happens to the sessions, besides those that the schema names. */
  readonly sinks?: readonly SessionSink[];
}

/** The same, of sessions that are kept in a backend. */
export interface StoredSessionsOptions<A extends BackendAbilities = BackendAbilities>
  extends SessionsOptions<A> {
  /** Those of the kind's `encryption`: the first encrypts, all decrypt. Of no use without one. */
  readonly keys?: KeyTexts;
}
