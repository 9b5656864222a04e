import { expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { openSessions, type SessionEvent } from "../../../runtime/index.js";
import { watchBackend, watchEvictions, watchStore } from "../../../runtime/store/observed.js";
import type { TokenStore } from "../../../runtime/token/token-store.js";
import { shopKind } from "../../suites/shop-kind.js";

it("nothing is put around anything where nobody listens", () => {
  const nobody = { name: "session", analytics: undefined };
  const backend = createMemoryBackend();
  expect(watchBackend(backend, nobody)).toBe(backend);
  const store = Object.freeze({}) as TokenStore;
  expect(watchStore(store, nobody)).toBe(store);
  const close = async (): Promise<void> => {};
  expect(watchEvictions(backend, nobody, close)).toBe(close);
});

it("memory is asked directly all the same, and its failures are told", () => {
  const events: object[] = [];
  const analytics = { note: (event: object) => void events.push(event), ready: async () => {} };
  const loadNow = (): never => {
    throw new Error("broken");
  };
  const watched = watchBackend({ ...createMemoryBackend(), loadNow }, { analytics });
  expect(() => watched.loadNow?.("id")).toThrow("broken");
  expect(events).toEqual([{ type: "backend-error", operation: "load", code: "unavailable" }]);
});

it("what happens to a tenant's session is told of under its handle alone", async () => {
  const events: SessionEvent[] = [];
  const backend = createMemoryBackend();
  const kind = { ...shopKind, tenancy: { maxSessions: 1, onLimit: "oldest" } } as const;
  const sessions = openSessions(kind, { backend, sinks: [(event) => events.push(event)] }, () => backend);
  const [first, second] = [1, 2].map((visits) => sessions.forTenant("acme").create({ visits }));
  await first?.save();
  const { handle } = first ?? {};
  await second?.save();
  await second?.destroy();
  const told = events.filter(({ type }) => type === "created" || type === "deleted");
  expect(told).toEqual([
    { kind: "session", type: "created", handle },
    { kind: "session", type: "deleted", reason: "evicted", count: 1, handle },
    { kind: "session", type: "created", handle: expect.any(String) },
    { kind: "session", type: "deleted", reason: "flushed", count: 1, handle: expect.any(String) },
  ]);
  expect(JSON.stringify(events)).not.toContain("acme");
});
