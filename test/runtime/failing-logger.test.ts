import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCachedBackend } from "../../runtime/backends/cached.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { until } from "../servers/until.js";
import { openShop } from "../suites/shop-kind.js";
import { recordAt } from "./backends/cached/places.js";
import { fail, heal, openSides } from "./backends/replicated/two-sides.js";

const fault = new Error("the disk of the log is full");
const failures: readonly [string, () => void][] = [
  [
    "throws",
    () => {
      throw fault;
    },
  ],
  ["rejects", () => Promise.reject(fault)],
];

const unheard = vi.fn();
beforeEach(() => void process.on("unhandledRejection", unheard));
afterEach(() => {
  process.off("unhandledRejection", unheard);
  unheard.mockClear();
});

describe.each(failures)("a logger that %s", (_how, failure) => {
  let warnings = 0;
  const logger = {
    warn: () => {
      warnings += 1;
      return failure();
    },
  };
  beforeEach(() => {
    warnings = 0;
  });
  /** Once Node has told of the rejections that nobody heard of. */
  const heard = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return { isWarned: warnings > 0, unheard: unheard.mock.calls };
  };

  test("lets the user of a record that cannot be read have a new session", async () => {
    const { isInProcess: _, loadNow: __, saveNow: ___, ...place } = createMemoryBackend();
    const damaged = async (id: string) => {
      const record = await place.load(id);
      return record && { ...record, data: new Uint8Array(3) };
    };
    const key = await openShop(place).create({ userId: 1 }).ensureKey();
    const sessions = openShop({ ...place, load: damaged }, { logger });
    expect(await sessions.load(key)).toBeNull();
    expect((await sessions.open(key)).isNew).toBe(true);
    expect(await heard()).toEqual({ isWarned: true, unheard: [] });
  });

  test("keeps no request from the store whose cache fails", async () => {
    const down = (): Promise<never> => Promise.reject(new Error("down"));
    const cache = { ...createMemoryBackend(), load: down };
    const cached = createCachedBackend({ cache, store: createMemoryBackend(), logger });
    const record = recordAt(Date.now());
    expect(await cached.create(record)).toBe(true);
    expect(await cached.load(record.id)).toEqual(record);
    expect(await heard()).toEqual({ isWarned: true, unheard: [] });
  });

  test("does not end the process when a copy fails, which is tried again", async () => {
    const sides = openSides({ logger });
    const backend = sides.open();
    fail(sides.secondaryPlan);
    expect(await backend.create(recordAt(Date.now()))).toBe(true);
    await until(() => warnings > 0, { what: "a warning" });
    heal(sides.secondaryPlan);
    expect(await backend.drain("9s")).toBe(true);
    await sides.close();
    expect(await heard()).toEqual({ isWarned: true, unheard: [] });
  });
});
