import type { BackendAbilities, SessionBackend } from "@session-gen/runtime";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import type { RedisClient } from "@session-gen/runtime/backends/redis";
import { describe, expect, it } from "vitest";
import * as cache from "../../golden/generated/cache/expected/generated/index.js";
import * as cached from "../../golden/generated/cached/expected/generated/index.js";
import * as cookie from "../../golden/generated/cookie/expected/generated/index.js";
import * as revocable from "../../golden/generated/cookie-revocable/expected/generated/index.js";
import * as custom from "../../golden/generated/custom/expected/generated/index.js";
import * as nested from "../../golden/generated/nested/expected/generated/index.js";
import * as redis from "../../golden/generated/redis/expected/generated/index.js";
import * as replicated from "../../golden/generated/replicated/expected/generated/index.js";

/** Nothing here is called: what counts is what compiles. */
const never = (check: () => unknown): void => expect(check).toBeTypeOf("function");

const client = {} as RedisClient;
const memory = createMemoryBackend();
const cannotFind: SessionBackend<BackendAbilities> = memory;

describe("the methods of generated sessions", () => {
  it("are those that the deciding backend can do", () => {
    never(() => [
      redis.createSessions().find({ userId: 7 }),
      cached.createSessions().revoke({ userId: 7 }),
      replicated.createSessions().count({ userId: 7 }),
      custom.createSessions({ backend: memory }).cleanupExpired(),
      cache.createSessions({ cache: new Map() as never, backend: memory }).cleanupExpired(),
    ]);
    // @ts-expect-error a text is no number
    never(() => redis.createSessions().revoke({ userId: "7" }));
  });

  it("do not exist where it cannot", () => {
    const options = { cache: new Map() as never };
    // @ts-expect-error a cache finds nothing
    never(() => cache.createSessions(options).find({}));
    // @ts-expect-error a cache revokes nothing
    never(() => cache.createSessions(options).revoke({}));
    // @ts-expect-error a cache sweeps nothing
    never(() => cache.createSessions(options).cleanupExpired());
    // @ts-expect-error the schema says nothing of it
    never(() => (sessions: custom.Sessions) => sessions.revokeAll());
  });

  it("do not exist on sessions that the client carries, unless their end is remembered", () => {
    never(() => [
      revocable.createSessions().delete("key"),
      revocable.createSessions().revoke({ handle: "handle" }),
    ]);
    // @ts-expect-error nothing remembers it
    never(() => cookie.createSessions().delete("key"));
    // @ts-expect-error nothing remembers it
    never(() => cookie.createSessions().revoke({ handle: "handle" }));
    // @ts-expect-error nothing is looked up by anything but the handle
    never(() => revocable.createSessions().revoke({ userId: 7 }));
    // @ts-expect-error there is no store to search
    never(() => revocable.createSessions().find({ handle: "handle" }));
  });
});

describe("the options of generated sessions", () => {
  it("are those of the declared backend, per side", () => {
    never(() => [
      redis.createSessions({ redis: client, deadline: "1s" }),
      cached.createSessions({ cache: { redis: client } }),
      replicated.createSessions({ primary: { redis: client }, secondary: { redis: client } }),
      cookie.createSessions({ keys: ["new", "old"] }),
      redis.createSessions({ backend: memory }),
      cookie.createSessions({ backend: memory }),
    ]);
    // @ts-expect-error an option of another backend
    never(() => redis.createSessions({ kysely: {} }));
    // @ts-expect-error of the other side
    never(() => cached.createSessions({ store: { redis: client } }));
    // @ts-expect-error one of a side, at the top
    never(() => replicated.createSessions({ redis: client }));
    // @ts-expect-error misspelt
    never(() => cookie.createSessions({ key: "new" }));
  });

  it("must be given where the schema leaves something to the app", () => {
    // @ts-expect-error no cache
    never(() => cache.createSessions());
    // @ts-expect-error no cache
    never(() => cache.createSessions({ deadline: "1s" }));
    // @ts-expect-error no backend
    never(() => custom.createSessions({}));
    // @ts-expect-error neither the backend in front nor the cache further in
    never(() => nested.createSessions());
    // @ts-expect-error only one of them
    never(() => nested.createSessions({ cache: { backend: memory } }));
  });

  it("must keep what the schema says of the app's own backend", () => {
    // @ts-expect-error it cannot find
    never(() => custom.createSessions({ backend: cannotFind }));
  });
});
