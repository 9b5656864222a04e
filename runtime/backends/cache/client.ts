import { SessionError } from "../../platform/errors.js";

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
  stayAlive(cache);
  const keyv = outspoken(cache);
  return {
    get: (key) => keyv.get(key),
    async set(key, value, milliseconds) {
      if ((await keyv.set(key, value, milliseconds)) === false) {
        throw new SessionError("unavailable", "The cache did not take the session.");
      }
    },
    async remove(key) {
      // `false` for a failure that was not thrown, and for what somebody else has removed.
      if ((await keyv.delete(key)) !== false || isAbsent(await keyv.get(key))) return;
      throw new SessionError("unavailable", "The cache did not remove the session.");
    },
  };
}

/**
 * The same Keyv, which throws its errors here, as its adapter does; the app's own stays as it is, and swallows them
 * where it is set to. Both look at these members of themselves to know.
 */
function outspoken<Thrower extends object>(thrower: Thrower): Thrower {
  if (!("throwOnErrors" in thrower)) return thrower;
  return new Proxy(thrower, {
    get(target, name, receiver) {
      if (name === "throwOnErrors" || name === "_throwOnErrors") return true;
      const value: unknown = Reflect.get(target, name, receiver);
      if (name !== "opts" || !isObject(value)) return value;
      const { store } = value;
      return isObject(store) ? { ...value, store: outspoken(store) } : value;
    },
  });
}

const heard = new WeakSet<object>();

/** An error that nobody waits for ends no process. */
function stayAlive(emitter: KeyvClient): void {
  if (heard.has(emitter) || !("on" in emitter) || typeof emitter.on !== "function") return;
  heard.add(emitter);
  emitter.on("error", () => {});
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
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
