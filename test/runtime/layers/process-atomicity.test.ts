import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withDeadline } from "../../../runtime/backends/deadline.js";
import { withProcessAtomicity } from "../../../runtime/backends/process-atomicity.js";
import type { SessionBackend, SessionRecord } from "../../../runtime/types/backend.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A place whose driver may send a call late, or lose it: as memjs does where a connection changes at that moment. */
function openPlace() {
  const records = new Map<string, SessionRecord>();
  const held: { go: () => void }[] = [];
  const plan = { held: null as "get" | "set" | "remove" | "answer of set" | null };
  const pass = async (name: typeof plan.held): Promise<void> => {
    if (plan.held !== name) return;
    plan.held = null;
    await new Promise<void>((go) => held.push({ go }));
  };
  const place = withProcessAtomicity({
    client: records,
    async get(id) {
      await pass("get");
      return records.get(id) ?? null;
    },
    async set(record) {
      await pass("set");
      records.set(record.id, record);
      await pass("answer of set");
    },
    async remove(id) {
      await pass("remove");
      records.delete(id);
    },
  });
  return { records, held, plan, place, backend: withDeadline(place, 1000) };
}

/** A change that the driver loses, whose caller is told so at its deadline. */
async function lose(backend: SessionBackend, revision: number): Promise<void> {
  const lost = expect(backend.save(recordOf(revision))).rejects.toMatchObject({ code: "timeout" });
  await vi.advanceTimersByTimeAsync(1000);
  await lost;
}

describe("a driver that never answers a call", () => {
  test.each(["get", "set"] as const)(
    "does not hold up the next change of its record for long: %s",
    async (method) => {
      const { plan, backend } = openPlace();
      await backend.create(recordOf(1));
      plan.held = method;
      await lose(backend, 2);
      const next = backend.save({ ...recordOf(2), writeId: "next" });
      await vi.advanceTimersByTimeAsync(600);
      expect(await next).toBe(true);
    },
  );

  test.each(["get", "remove"] as const)("does not hold up what follows a deletion: %s", async (method) => {
    const { plan, backend } = openPlace();
    await backend.create(recordOf(1));
    plan.held = method;
    const lost = expect(backend.delete("one")).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(1000);
    await lost;
    const next = backend.delete("one");
    await vi.advanceTimersByTimeAsync(600);
    expect(await next).toBe(true);
  });

  test("holds up nothing for ever, also where its caller has no deadline", async () => {
    const { plan, place } = openPlace();
    await place.create(recordOf(1));
    plan.held = "set";
    const lost = expect(place.save(recordOf(2))).rejects.toMatchObject({ code: "timeout" });
    const next = place.save({ ...recordOf(2), writeId: "next" });
    await vi.advanceTimersByTimeAsync(10_000);
    await lost;
    expect(await next).toBe(true);
  });
});

describe("a write that arrives after all", () => {
  test("does not replace what was written since", async () => {
    const { records, held, plan, backend } = openPlace();
    await backend.create(recordOf(1));
    plan.held = "set";
    await lose(backend, 2);
    await vi.advanceTimersByTimeAsync(600);
    expect(await backend.save({ ...recordOf(2), writeId: "next" })).toBe(true);
    expect(await backend.save(recordOf(3))).toBe(true);
    held[0]?.go();
    await vi.advanceTimersByTimeAsync(0);
    expect(records.get("one")?.revision).toBe(3);
  });

  test("brings back no session that was deleted since", async () => {
    const { records, held, plan, backend } = openPlace();
    await backend.create(recordOf(1));
    plan.held = "set";
    await lose(backend, 2);
    await vi.advanceTimersByTimeAsync(600);
    expect(await backend.delete("one")).toBe(true);
    held[0]?.go();
    await vi.advanceTimersByTimeAsync(0);
    expect(records.size).toBe(0);
  });

  test("brings back no session that was not there yet when it was deleted", async () => {
    const { records, held, plan, backend } = openPlace();
    plan.held = "set";
    const lost = expect(backend.create(recordOf(1))).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(1300);
    await lost;
    expect(await backend.delete("one")).toBe(false);
    held[0]?.go();
    await vi.advanceTimersByTimeAsync(100);
    expect(records.size).toBe(0);
  });

  test("does not keep a deletion from its work whose turn comes after its deadline", async () => {
    const { records, held, plan, backend } = openPlace();
    await backend.create(recordOf(1));
    plan.held = "answer of set";
    const saving = expect(backend.save(recordOf(2))).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(100);
    const deleting = expect(backend.delete("one")).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(1100);
    plan.held = "get";
    await vi.advanceTimersByTimeAsync(100);
    held[1]?.go();
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all([saving, deleting]);
    expect(records.size).toBe(0);
  });

  test("is left alone where another process has written since", async () => {
    const { records, held, plan, backend } = openPlace();
    await backend.create(recordOf(1));
    plan.held = "answer of set";
    await lose(backend, 2);
    await vi.advanceTimersByTimeAsync(600);
    expect(await backend.save(recordOf(3))).toBe(true);
    records.set("one", { ...recordOf(4), writeId: "elsewhere" });
    held[0]?.go();
    await vi.advanceTimersByTimeAsync(0);
    expect(records.get("one")?.writeId).toBe("elsewhere");
  });

  test("stands where nothing was written since", async () => {
    const { held, plan, backend } = openPlace();
    await backend.create(recordOf(1));
    plan.held = "set";
    await lose(backend, 2);
    await vi.advanceTimersByTimeAsync(600);
    held[0]?.go();
    await vi.advanceTimersByTimeAsync(0);
    expect(await backend.save(recordOf(3))).toBe(true);
  });
});

function recordOf(revision: number): SessionRecord {
  const times = { createdAt: 0, expiresAt: 3_600_000 };
  const content = { tenant: null, header: "1;json;-;-;x", data: new Uint8Array(), indexed: {} };
  return { id: "one", revision, writeId: `w${revision}`, ...times, ...content };
}
