import { expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { expressStore } from "../../../runtime/http/express-store.js";
import { openSessions } from "../../../runtime/index.js";
import type { SessionEvent } from "../../../runtime/types/session-event.js";
import { shopKind } from "../../suites/shop-kind.js";

/** As generated checks are, it lets pass what it does not know. */
const kind = { ...shopKind, checkWire: () => [] };

it("tells what happens to the sessions of another library, without their sids", async () => {
  const backend = createMemoryBackend();
  const events: SessionEvent[] = [];
  const sinks = [(event: SessionEvent) => void events.push(event)];
  const store = expressStore(openSessions(kind, { backend, sinks }, () => backend));
  const bag = { cookie: { originalMaxAge: null }, userId: 1 };
  const settled = (call: (done: (error?: unknown) => void) => void) =>
    new Promise((resolve) => call((error) => resolve(error ?? null)));
  expect(await settled((done) => store.set("the-sid", bag, done))).toBeNull();
  expect(await settled((done) => store.get("the-sid", done))).toBeNull();
  expect(await settled((done) => store.destroy("the-sid", done))).toBeNull();
  expect(await settled((done) => store.get("the-sid", done))).toBeNull();
  expect(events.map((event) => [event.type, "isHit" in event ? event.isHit : null])).toEqual([
    ["created", null],
    ["saved", null],
    ["accessed", true],
    ["deleted", null],
    ["accessed", false],
  ]);
  expect(JSON.stringify(events)).not.toContain("the-sid");
});
