import type { DurationText, Text } from "./model.js";

/** The place of the sessions as the schema declares it: `backend` is the word, the other members its options, checked. */
export type BackendModel = StoreModel | SealModel;

/** A backend that keeps records itself. */
export type StoreModel =
  | MemoryModel
  | CacheModel
  | RedisModel
  | DatabaseModel
  | FileModel
  | CachedModel
  | ReplicatedModel
  | CustomModel;

/** A backend whose records the client carries. */
export type SealModel = CookieSealModel | JwtModel;

/** `memory()`. */
export interface MemoryModel {
  readonly backend: "memory";
  readonly maxSessions?: number;
}

/** `cache()`; the cache itself is given at start. */
export interface CacheModel {
  readonly backend: "cache";
}

/** Exactly one of `url`, `sentinels` and `cluster` is there. */
export interface RedisModel {
  readonly backend: "redis";
  readonly url?: Text;
  readonly sentinels?: { readonly hosts: readonly Text[]; readonly name: Text };
  readonly cluster?: readonly Text[];
  readonly prefix?: Text;
}

/** `database()`. */
export interface DatabaseModel {
  readonly backend: "database";
  readonly dialect: "sqlite" | "postgres" | "mysql";
  readonly url: Text;
  readonly schema?: string;
  readonly table?: string;
}

/** `file()`. */
export interface FileModel {
  readonly backend: "file";
  readonly directory: Text;
}

/** `cached()`. */
export interface CachedModel {
  readonly backend: "cached";
  readonly cache: StoreModel;
  readonly store: StoreModel;
}

/** `replicated()`. */
export interface ReplicatedModel {
  readonly backend: "replicated";
  readonly primary: StoreModel;
  readonly secondary: StoreModel;
  readonly mode?: "async" | "sync" | "acknowledged";
  readonly failover?: "read" | "write";
  readonly retry?: RetryModel;
}

/** How `replicated()` tries a copy again. */
export interface RetryModel {
  readonly attempts?: number;
  readonly delay?: DurationText;
  readonly maxDelay?: DurationText;
}

/** `custom()`, and which abilities it says that it has. */
export interface CustomModel {
  readonly backend: "custom";
  readonly find?: boolean;
  readonly list?: boolean;
  readonly sweep?: boolean;
}

/** `cookie()`. */
export interface CookieSealModel {
  readonly backend: "cookie";
  readonly keys: Text | readonly Text[];
  readonly revocation?: StoreModel;
}

/** `jwt()`. */
export interface JwtModel {
  readonly backend: "jwt";
  readonly algorithm: JwtAlgorithm;
  readonly keys: Text | readonly Text[];
  readonly issuer?: Text;
  readonly audience?: Text;
  readonly jwks?: Text;
  readonly revocation?: StoreModel;
}

/** As RFC 7518 and RFC 8037 name them. */
export type JwtAlgorithm = `${"HS" | "RS" | "PS" | "ES"}${256 | 384 | 512}` | "EdDSA";
