import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { type FailingPlan, failingBackend } from "../../../runtime/testing/failing-backend.js";
import { testBackend } from "../../../runtime/testing/test-backend.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";

const record: SessionRecord = {
  id: "one",
  tenant: null,
  header: "1;json;-;-;0",
  data: new Uint8Array(1),
  revision: 1,
  writeId: "w1",
  createdAt: 0,
  expiresAt: 4_102_444_800_000,
  indexed: {},
};

test("without failures in its plan, it is the backend", async () => {
  await testBackend(() => failingBackend(createMemoryBackend(), {}), {
    abilities: ["find", "list", "scan", "sweep", "limit"],
  });
});

test("rejects before the backend is asked, with the error it was given", async () => {
  const memory = createMemoryBackend();
  const backend = failingBackend(memory, { create: ["reject", { reject: new RangeError("mine") }] });
  await expect(backend.create(record)).rejects.toThrow("create was told to reject");
  await expect(backend.create(record)).rejects.toThrow(new RangeError("mine"));
  expect(await memory.exists("one")).toBe(false);
  expect(await backend.create(record)).toBe(true);
});

test("loses the answer of a write that was done", async () => {
  const backend = failingBackend(createMemoryBackend(), { create: ["lose-answer"] });
  await expect(backend.create(record)).rejects.toThrow("lost");
  expect(await backend.exists("one")).toBe(true);
  expect(await backend.create(record)).toBe(true);
});

test("hangs for ever, and delays, and waits until the test lets it go", async () => {
  const memory = createMemoryBackend();
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const backend = failingBackend(memory, { load: "hang", exists: { delay: 1 }, create: { wait: gate } });
  const settled: string[] = [];
  void backend.load("one").finally(() => settled.push("load"));
  const created = backend.create(record).then(() => settled.push("create"));
  expect(await backend.exists("one")).toBe(false);
  expect(settled).toEqual([]);
  letGo();
  await created;
  expect(settled).toEqual(["create"]);
});

test("counts calls by method, and reads its plan at each", async () => {
  const calls: number[] = [];
  const plan: FailingPlan = {
    exists: (call) => {
      calls.push(call);
      return call === 2 ? "reject" : "pass";
    },
    scan: "reject",
  };
  const backend = failingBackend(createMemoryBackend(), plan);
  expect(await backend.exists("one")).toBe(false);
  await backend.load("one");
  await expect(backend.exists("one")).rejects.toThrow();
  expect(calls).toEqual([1, 2]);
  await expect(backend.abilities.scan.scan({ limit: 1 })).rejects.toThrow("scan");
  plan.scan = "pass";
  expect(await backend.abilities.scan.scan({ limit: 1 })).toEqual({ records: [] });
});
