import { SessionError } from "../../session-error.js";

/** What is used of a Keyv. */
export interface KeyvClient {
  get(key: string): Promise<unknown>;
  /** `false` when it failed. */
  set(key: string, value: string, milliseconds?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/** What is used of an unstorage. */
export interface UnstorageClient {
  getItem(key: string): Promise<unknown>;
  /** Some drivers take a life in seconds. */
  setItem(key: string, value: string, options?: { readonly ttl?: number }): Promise<void>;
  removeItem(key: string): Promise<void>;
}

/** A Keyv or an unstorage. */
export type CacheClient = KeyvClient | UnstorageClient;

/** What both have in common. */
export interface PlainCache {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, milliseconds: number | undefined): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Throws `SessionError` `"config"` for what is neither. */
export function toPlainCache(cache: CacheClient): PlainCache {
  if (isUnstorage(cache)) return fromUnstorage(cache);
  if (isKeyv(cache)) return fromKeyv(cache);
  throw new SessionError("config", "The option cache must be a Keyv or an unstorage.");
}

function fromUnstorage(cache: UnstorageClient): PlainCache {
  return {
    get: (key) => cache.getItem(key),
    set: (key, value, milliseconds) =>
      cache.setItem(key, value, milliseconds === undefined ? {} : { ttl: Math.ceil(milliseconds / 1000) }),
    remove: (key) => cache.removeItem(key),
  };
}

function fromKeyv(cache: KeyvClient): PlainCache {
  speakUp(cache);
  if ("store" in cache) speakUp(cache.store);
  return {
    get: (key) => cache.get(key),
    async set(key, value, milliseconds) {
      if ((await cache.set(key, value, milliseconds)) === false) {
        throw new SessionError("unavailable", "The cache did not take the session.");
      }
    },
    async remove(key) {
      await cache.delete(key);
    },
  };
}

const told = new WeakSet<object>();

/** Has errors thrown where they happen, and none thrown where nobody waits. */
function speakUp(thrower: unknown): void {
  if (!isObject(thrower) || told.has(thrower)) return;
  told.add(thrower);
  if (thrower["throwOnErrors"] === false) thrower["throwOnErrors"] = true;
  const { on } = thrower;
  if (typeof on === "function") on.call(thrower, "error", () => {});
}

function isUnstorage(cache: unknown): cache is UnstorageClient {
  return isObject(cache) && hasMethods(cache, ["getItem", "setItem", "removeItem"]);
}

function isKeyv(cache: unknown): cache is KeyvClient {
  return isObject(cache) && hasMethods(cache, ["get", "set", "delete"]);
}

function hasMethods(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === "function");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
