export type {
  CachedOptions,
  CookieBackendOptions,
  CustomOptions,
  DatabaseOptions,
  FileOptions,
  JwtAlgorithm,
  JwtOptions,
  MemoryOptions,
  RedisOptions,
  ReplicatedOptions,
  RetryOptions,
} from "./backends.js";
export { cache, cached, cookie, custom, database, file, jwt, memory, redis, replicated } from "./backends.js";
export type {
  AdapterName,
  CompressionOptions,
  CookieOptions,
  ExpiryOptions,
  RotationOptions,
  SessionOptions,
  TenancyOptions,
} from "./define-session.js";
export { defineSession } from "./define-session.js";
export type { BackendWord, EnvReference, SessionDefinition, Text } from "./definition.js";
export type { Duration } from "./duration.js";
export { env } from "./env.js";
export type { GenerateOptions, GenerateResult } from "./generate.js";
export { generate } from "./generate.js";
