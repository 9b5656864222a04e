import type { BackendWord, Text } from "./definition.js";
import type { Duration } from "./duration.js";

/** Sessions in the memory of this process, gone at restart. The oldest go when `maxSessions` is reached. */
export function memory(options: MemoryOptions = {}): BackendWord<"memory"> {
  return word("memory", options);
}

/**
 * Any Keyv or unstorage instance, given to `createSessions` at start. It cannot compare and swap across processes, nor
 * look anything up: `merge` does not compile, and the sessions have no `find` and `revoke`.
 */
export function cache(): BackendWord<"cache"> {
  return word("cache", {});
}

/** Redis through ioredis: one server, Sentinel or Cluster. */
export function redis(options: RedisOptions): BackendWord<"redis"> {
  return word("redis", options);
}

/** A table of a SQL database, through Kysely. For SQLite, `url` is a file path or `:memory:`. */
export function database(options: DatabaseOptions): BackendWord<"database"> {
  return word("database", options);
}

/** One file a session, in a folder. */
export function file(options: FileOptions): BackendWord<"file"> {
  return word("file", options);
}

/** The session itself, sealed, in the client's cookie. Real logout needs `revocation`. */
export function cookie(options: CookieBackendOptions): BackendWord<"cookie"> {
  return word("cookie", options);
}

/** The session itself in a signed token, which its user can read. Real logout needs `revocation`. */
export function jwt(options: JwtOptions): BackendWord<"jwt"> {
  return word("jwt", options);
}

/** `cache` in front of `store`. Writes go to the store, which decides; the cache only answers sooner. */
export function cached<Store extends StoreWord>(
  options: CachedOptions<Store>,
): BackendWord<"cached", CachedOptions<Store>> {
  return word("cached", options);
}

/** Two stores that hold the same sessions. */
export function replicated<Primary extends StoreWord, Secondary extends StoreWord>(
  options: ReplicatedOptions<Primary, Secondary>,
): BackendWord<"replicated", ReplicatedOptions<Primary, Secondary>> {
  return word("replicated", options);
}

/** Your own backend, given to `createSessions` at start; says which abilities it has. */
export function custom(options: CustomOptions = {}): BackendWord<"custom"> {
  return word("custom", options);
}

/** Options of `memory`. */
export interface MemoryOptions {
  /** 100,000 unless given. */
  readonly maxSessions?: number;
}

/** The servers are named in one of three ways. */
export type RedisOptions = RedisServer | RedisSentinels | RedisCluster;

/** One server. */
export interface RedisServer extends RedisKeys {
  /** `"redis://user:password@host:6379/0"`, or `"rediss://…"` for TLS. */
  readonly url: Text;
  readonly sentinels?: never;
  readonly cluster?: never;
}

/** A master that Sentinels watch. */
export interface RedisSentinels extends RedisKeys {
  /** The sentinels, each as a URL, and the name of the group of servers that they watch. */
  readonly sentinels: { readonly hosts: readonly Text[]; readonly name: Text };
  readonly url?: never;
  readonly cluster?: never;
}

/** A Redis Cluster. */
export interface RedisCluster extends RedisKeys {
  /** Some nodes of the cluster, each as a URL; the others are found by them. */
  readonly cluster: readonly Text[];
  readonly url?: never;
  readonly sentinels?: never;
}

/** How keys are named. */
export interface RedisKeys {
  /** What each key starts with; `"sessions"`, or the plural of the kind's name, unless given. */
  readonly prefix?: Text;
}

/** Options of `database`. */
export interface DatabaseOptions {
  readonly dialect: "sqlite" | "postgres" | "mysql";
  /** `"postgres://user@host/database"`, `"mysql://…"`; for SQLite a file path or `":memory:"`. */
  readonly url: Text;
  /** The schema that the table is in; for SQLite, an attached database. */
  readonly schema?: string;
  /** `"sessions"`, or the plural of the kind's name, unless given. */
  readonly table?: string;
}

/** Options of `file`. */
export interface FileOptions {
  /** Made when it is missing, for this user alone. */
  readonly directory: Text;
}

/** Options of `cookie`. */
export interface CookieBackendOptions {
  /** One key or several, from `session-gen keygen`: the first seals, all open. */
  readonly keys: Text | readonly Text[];
  /** Where ended sessions are remembered, so that a logout is final. */
  readonly revocation?: StoreWord;
}

/** As RFC 7518 and RFC 8037 name them. */
export type JwtAlgorithm = `${"HS" | "RS" | "PS" | "ES"}${256 | 384 | 512}` | "EdDSA";

/** Options of `jwt`. */
export interface JwtOptions {
  /** The one algorithm that is signed with and accepted. */
  readonly algorithm: JwtAlgorithm;
  /** One key or several: the first signs, all verify. */
  readonly keys: Text | readonly Text[];
  /** The claim `iss`: written into tokens, and asked of those that come. */
  readonly issuer?: Text;
  /** The claim `aud`: written into tokens, and asked of those that come. */
  readonly audience?: Text;
  /** The URL of published keys, with which tokens are verified as well. */
  readonly jwks?: Text;
  /** Where ended sessions are remembered, so that a logout is final. */
  readonly revocation?: StoreWord;
}

/** Options of `cached`. */
export interface CachedOptions<Store extends StoreWord = StoreWord> {
  readonly cache: StoreWord;
  readonly store: Store;
}

/** Options of `replicated`. */
export interface ReplicatedOptions<
  Primary extends StoreWord = StoreWord,
  Secondary extends StoreWord = StoreWord,
> {
  readonly primary: Primary;
  readonly secondary: Secondary;
  /**
   * When a write is answered: `"async"`, unless given, once the primary has it; `"sync"` once both have it, asked at
   * the same time where neither can refuse; `"acknowledged"` once both have it, the primary first.
   */
  readonly mode?: "async" | "sync" | "acknowledged";
  /**
   * What the secondary does while the primary is down: `"read"`, unless given, answers reads only; `"write"` takes
   * writes too, of which those of one side are lost when some processes reach only one.
   */
  readonly failover?: "read" | "write";
  readonly retry?: RetryOptions;
}

/** How a copy that failed is tried again, with jitter. */
export interface RetryOptions {
  /** How often a request tries it, 3 times unless given; in the background it is tried until it succeeds. */
  readonly attempts?: number;
  /** Before the second try; doubled before each further one. */
  readonly delay?: Duration;
  /** The longest wait. */
  readonly maxDelay?: Duration;
}

/** What your own backend can do; say it where it can, and the methods that need it exist. */
export interface CustomOptions {
  /** `find`, `count` and `revoke`. */
  readonly find?: boolean;
  /** Sessions of one tenant. */
  readonly list?: boolean;
  /** `cleanupExpired` and `startCleanup`. */
  readonly sweep?: boolean;
}

/** A backend that keeps records itself, rather than giving them to the client. */
export type StoreWord = BackendWord<
  "memory" | "cache" | "redis" | "database" | "file" | "cached" | "replicated" | "custom"
>;

/** A backend where the client carries the session. */
export type SealWord = BackendWord<"cookie" | "jwt">;

/**
 * Whether a backend compares and swaps across all processes that share it, as `merge` needs: a seal and `cache()` do
 * not, `cached` does where its store does, `replicated` where both sides do.
 */
export type Compares<Word> =
  Word extends BackendWord<"cookie" | "jwt" | "cache">
    ? false
    : Word extends BackendWord<"cached", { readonly store: infer Store }>
      ? Compares<Store>
      : Word extends BackendWord<
            "replicated",
            { readonly primary: infer Primary; readonly secondary: infer Secondary }
          >
        ? Compares<Primary | Secondary>
        : true;

function word<Name extends string, Options extends object>(
  backend: Name,
  options: Options,
): BackendWord<Name, Options> {
  return Object.freeze({ backend, options: Object.freeze({ ...options }) });
}
