import {
  cache,
  cached,
  cookie,
  custom,
  database,
  defineSession,
  env,
  file,
  jwt,
  memory,
  redis,
  replicated,
} from "session-gen";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { Compares } from "../../schema/backends.js";

const shape = z.object({ userId: z.int().optional(), visits: z.int().default(0) });
const keys = env("SESSION_KEYS");
const stores = {
  memory: memory(),
  redis: redis({ url: env("REDIS_URL") }),
  sentinels: redis({ sentinels: { hosts: ["redis://a", env("B")], name: "main" }, prefix: "app" }),
  cluster: redis({ cluster: [env("CLUSTER")] }),
  sqlite: database({ dialect: "sqlite", url: ":memory:" }),
  postgres: database({ dialect: "postgres", url: env("DATABASE_URL"), schema: "app", table: "web" }),
  mysql: database({ dialect: "mysql", url: env("DATABASE_URL") }),
  file: file({ directory: env("SESSIONS") }),
  custom: custom({ find: true, list: false, sweep: true }),
} as const;

describe("what compiles", () => {
  it("indexes and merges in every store that compares and swaps", () => {
    for (const backend of Object.values(stores)) {
      const definition = defineSession({ shape, backend, indexes: ["userId"], merge: { visits: "sum" } });
      expect(definition.options["backend"]).toBe(backend);
    }
    expectTypeOf<Compares<(typeof stores)[keyof typeof stores]>>().toEqualTypeOf<true>();
  });

  it("a cache in front of a store, since the store decides", () => {
    const backend = cached({ cache: cache(), store: stores.postgres });
    expectTypeOf<Compares<typeof backend>>().toEqualTypeOf<true>();
    defineSession({ shape, backend, indexes: ["userId"], merge: { visits: "sum" } });
    defineSession({
      shape,
      backend: replicated({ primary: backend, secondary: stores.redis }),
      merge: { visits: "sum" },
    });
  });

  it("an index where nothing is merged: whoever asks for a key's change by it needs it", () => {
    expect(defineSession({ shape, backend: cache(), indexes: ["userId"] }).options["indexes"]).toEqual([
      "userId",
    ]);
  });

  it("every option of the words that are made of others", () => {
    const backend = replicated({
      primary: stores.redis,
      secondary: cached({ cache: memory({ maxSessions: 10 }), store: stores.file }),
      mode: "acknowledged",
      failover: "write",
      retry: { attempts: 3, delay: "1s", maxDelay: 60 },
    });
    expectTypeOf<Compares<typeof backend>>().toEqualTypeOf<true>();
    expect(backend.options.retry).toEqual({ attempts: 3, delay: "1s", maxDelay: 60 });
  });

  it("one key or several, and a store for what has ended", () => {
    const sealed = [
      cookie({ keys }),
      cookie({ keys: [keys, "old"], revocation: stores.redis }),
      jwt({ algorithm: "EdDSA", keys: [keys], issuer: "a", audience: env("B"), jwks: "https://a/jwks" }),
      jwt({ algorithm: "PS384", keys, revocation: cached({ cache: cache(), store: stores.sqlite }) }),
    ];
    for (const backend of sealed) expect(defineSession({ shape, backend }).options["backend"]).toBe(backend);
  });
});

describe("what does not compile", () => {
  it("an index or merge where the client carries the session", () => {
    for (const backend of [cookie({ keys }), jwt({ algorithm: "HS256", keys })] as const) {
      // @ts-expect-error not with a seal
      defineSession({ shape, backend, indexes: ["userId"] });
      // @ts-expect-error not with a seal
      defineSession({ shape, backend, merge: { visits: "sum" } });
    }
  });

  it("a merge in a cache, also where it is the store of another, or one of two sides", () => {
    // @ts-expect-error a cache cannot compare and swap
    defineSession({ shape, backend: cache(), merge: { visits: "sum" } });
    const over = cached({ cache: memory(), store: cache() });
    // @ts-expect-error its store is a cache
    defineSession({ shape, backend: over, merge: { visits: "sum" } });
    const first = replicated({ primary: cache(), secondary: stores.redis });
    // @ts-expect-error its primary is a cache
    defineSession({ shape, backend: first, merge: { visits: "sum" } });
    const second = replicated({ primary: stores.redis, secondary: over });
    // @ts-expect-error its secondary is, further in
    defineSession({ shape, backend: second, merge: { visits: "sum" } });
    const either = expect.getState().currentTestName === "" ? cache() : stores.redis;
    // @ts-expect-error it may be a cache
    defineSession({ shape, backend: either, merge: { visits: "sum" } });
  });

  it("a seal where a store is needed", () => {
    // @ts-expect-error a seal
    cached({ cache: memory(), store: cookie({ keys }) });
    // @ts-expect-error a seal
    cached({ cache: cookie({ keys }), store: memory() });
    // @ts-expect-error a seal
    replicated({ primary: memory(), secondary: jwt({ algorithm: "HS256", keys }) });
    // @ts-expect-error a seal
    cookie({ keys, revocation: cookie({ keys }) });
    // @ts-expect-error a seal
    jwt({ algorithm: "HS256", keys, revocation: jwt({ algorithm: "HS256", keys }) });
  });

  it("Redis servers that are named in no way or in two", () => {
    // @ts-expect-error no server
    redis({ prefix: "app" });
    // @ts-expect-error two ways
    redis({ url: env("REDIS_URL"), cluster: [env("CLUSTER")] });
    // @ts-expect-error no name
    redis({ sentinels: { hosts: ["redis://a"] } });
    // @ts-expect-error a client is given to createSessions
    redis({ url: "redis://a", redis: {} });
  });

  it("options that do not exist, and values that are not among those", () => {
    // @ts-expect-error misspelt
    file({ folder: "./sessions" });
    // @ts-expect-error no such algorithm
    jwt({ algorithm: "none", keys });
    // @ts-expect-error no such algorithm
    jwt({ algorithm: "HS265", keys });
    // @ts-expect-error no keys
    jwt({ algorithm: "HS256" });
    // @ts-expect-error no keys
    cookie({});
    // @ts-expect-error no such mode
    replicated({ primary: memory(), secondary: memory(), mode: "fast" });
    // @ts-expect-error a number of what
    replicated({ primary: memory(), secondary: memory(), retry: 3 });
    // @ts-expect-error misspelt
    custom({ revoke: true });
    // @ts-expect-error an instance is given to createSessions
    cache({ cache: new Map() });
  });
});
