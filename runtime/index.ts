export type {
  DeletionReason,
  SessionEvent,
  SessionHappening,
  SessionSink,
} from "./analytics/session-event.js";
export { withSinks } from "./analytics/with-sinks.js";
export type {
  BackendAbilities,
  CallOptions,
  Findable,
  FindQuery,
  IndexedValue,
  Limited,
  Listable,
  ListQuery,
  RecordPage,
  Scannable,
  ScanQuery,
  SessionBackend,
  SessionRecord,
  Sweepable,
  TenantLimit,
} from "./backends/backend.js";
export type { SealedRecord, SessionSeal } from "./backends/seal.js";
export type { SessionCleanup } from "./cleanup.js";
export type { CopiedWrite, CopyLedger } from "./copy/copy-ledger.js";
export type {
  CopyCounts,
  CopyOptions,
  CopyProgress,
  CopyReport,
  CopySource,
  CopyVerification,
} from "./copy/copy-options.js";
export { copySessions } from "./copy.js";
export type { KeyTexts } from "./crypto/key-text.js";
export type { Duration } from "./duration.js";
export { type EnvReference, env } from "./env.js";
export type { CookieOptions } from "./http/cookie-policy.js";
export type { HeaderList, ResponseState } from "./http/exchange.js";
export {
  openSealedSessions,
  type RevocableSessions,
  type SealedSessions,
  type SealedSessionsOptions,
  type SessionRevocation,
} from "./open-sealed-sessions.js";
export {
  openSessions,
  type SessionsFor,
  type TenantedSessionsFor,
  type TenantSessions,
} from "./open-sessions.js";
export type { CheckWire, WireProblem } from "./record/check-wire.js";
export type { Codec, DecodeLimits } from "./record/codec.js";
export type { Compression, CompressionOptions } from "./record/compression.js";
export type { EncryptionOptions } from "./record/encryption.js";
export type { FieldShape, Kind, ScalarKind, Shape, WireFields, WireValue } from "./record/shape.js";
export {
  type IndexState,
  indexStates,
  type ReindexOptions,
  type ReindexProgress,
  type ReindexReport,
  reindexSessions,
} from "./reindex.js";
export type { FilterOf, SessionScan, SessionSearch, SessionSummary, TenantListing } from "./search.js";
export { BaseSession } from "./session/base-session.js";
export type { InvalidPolicy } from "./session/context.js";
export {
  type DataOf,
  type FieldName,
  type PatchOf,
  readField,
  type SessionOf,
  writeField,
} from "./session/dictionary.js";
export type { ExpiryChoice, ExpiryOptions } from "./session/expiry.js";
export type { MergeStrategy } from "./session/merge.js";
export type { RotationOptions } from "./session/rotation-policy.js";
export type { KindUpgrades, OlderVersion, UpgradeStep } from "./session/upgrades.js";
export { SessionError, type SessionErrorCode, type SessionErrorDetails } from "./session-error.js";
export type {
  SessionKind,
  SessionLogger,
  SessionsOptions,
  StoredSessionsOptions,
  TenantedKind,
} from "./session-kind.js";
export { type BaseSessions, Sessions } from "./sessions.js";
export type { TenancyOptions } from "./tenancy/tenant.js";
export type { Tenanted } from "./tenancy/tenanted.js";
