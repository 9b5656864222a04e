import { describe, expect, test } from "vitest";
import { KeptRecord } from "../../../runtime/backends/memory/kept-record.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";

function recordOf(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id: "one",
    tenant: null,
    header: "1;json;-;-;0;session",
    data: Uint8Array.from({ length: 300 }, (_, index) => index % 256),
    revision: 3,
    writeId: "aB3-_x9Z",
    createdAt: 1_795_468_800_000,
    expiresAt: 1_795_472_400_000.5,
    indexed: {},
    ...changes,
  };
}

describe("a record that memory keeps", () => {
  test.each([
    ["as the runtime writes it", {}],
    ["without data", { data: new Uint8Array() }],
    ["with times at the edge", { createdAt: -0, expiresAt: 8.64e15 }],
    ["with a long write id", { writeId: "of another program" }],
    ["with a write id beyond Latin-1", { writeId: "名前名前名前名前" }],
    ["with much data", { data: new Uint8Array(100_000).fill(7) }],
    ["of a tenant, with indexes", { tenant: "shop", indexed: { userId: 42 } }],
  ])("comes back, %s", (_name, changes) => {
    const record = recordOf(changes);
    const kept = new KeptRecord(record);
    // Another one in between must leave no trace.
    new KeptRecord(recordOf({ createdAt: 1, expiresAt: 2, writeId: "--------", tenant: "other" }));
    expect([kept.createdAt, kept.expiresAt]).toEqual([record.createdAt, record.expiresAt]);
    expect([kept.tenant, kept.indexed, kept.revision]).toEqual([record.tenant, record.indexed, 3]);
    expect(kept.read()).toEqual(record);
    expect(kept.load()).toEqual(record);
  });

  test("is the same one for each who loads it", () => {
    const kept = new KeptRecord(recordOf());
    kept.read();
    expect(kept.load()).toBe(kept.load());
    expect(kept.read()).toBe(kept.load());
    expect(kept.expiresAt).toBe(recordOf().expiresAt);
  });

  test("is another one once it is written over, and what was loaded before stays what it was", () => {
    const before = recordOf();
    const after = recordOf({
      tenant: "shop",
      revision: 4,
      expiresAt: 1_795_476_000_000,
      data: new Uint8Array(2),
    });
    const kept = new KeptRecord(before);
    const loaded = kept.load();
    kept.write(after);
    expect([kept.tenant, kept.revision, kept.expiresAt]).toEqual(["shop", 4, after.expiresAt]);
    expect([loaded, kept.load()]).toEqual([before, after]);
  });

  test("holds nothing of what it was given until it is loaded, so that it takes less room", () => {
    const given = recordOf();
    const kept = new KeptRecord(given);
    given.data.fill(0);
    expect(kept.read().data[1]).toBe(1);
    expect(kept.read()).not.toBe(kept.read());
  });
});
