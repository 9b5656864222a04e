export type { SessionCleanup } from "./admin/cleanup.js";
export type { CopiedWrite, CopyLedger } from "./admin/copy/copy-ledger.js";
export type {
  CopyCounts,
  CopyOptions,
  CopyProgress,
  CopyReport,
  CopySource,
  CopyVerification,
} from "./admin/copy/copy-options.js";
export { copySessions } from "./admin/copy.js";
export {
  type IndexState,
  indexStates,
  type ReindexOptions,
  type ReindexProgress,
  type ReindexReport,
  reindexSessions,
} from "./admin/reindex.js";
export type { FilterOf, SessionScan, SessionSearch, SessionSummary, TenantListing } from "./admin/search.js";
export type { Compression, CompressionOptions } from "./compression/compression.js";
export type { HeaderList, ResponseState } from "./http/exchange.js";
export { withSinks } from "./observability/with-sinks.js";
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
export type { KeyTexts } from "./platform/crypto/key-text.js";
export type { Duration } from "./platform/duration.js";
export { type EnvReference, env } from "./platform/env.js";
export { SessionError, type SessionErrorCode, type SessionErrorDetails } from "./platform/errors.js";
export type { EncryptionOptions } from "./record/encryption.js";
export type { KindUpgrades, OlderVersion, UpgradeStep } from "./record/upgrades.js";
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
export type {
  SessionKind,
  SessionLogger,
  SessionsOptions,
  StoredSessionsOptions,
  TenantedKind,
} from "./session-kind.js";
export { type BaseSessions, Sessions } from "./sessions.js";
export type { TenancyOptions } from "./store/tenant.js";
export type { Tenanted } from "./tenanted.js";
export type { CookieOptions } from "./transport/cookie-policy.js";
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
} from "./types/backend.js";
export type { CheckWire, WireProblem } from "./types/check-wire.js";
export type { Codec, DecodeLimits } from "./types/codec.js";
export type { SealedRecord, SessionSeal } from "./types/seal.js";
export type {
  DeletionReason,
  SessionEvent,
  SessionHappening,
  SessionSink,
} from "./types/session-event.js";
export type { FieldShape, Kind, ScalarKind, Shape, WireFields, WireValue } from "./types/shape.js";
