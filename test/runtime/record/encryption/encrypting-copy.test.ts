import { describe, expect, it } from "vitest";
import { copySessions } from "../../../../runtime/admin/copy.js";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { gzip } from "../../../../runtime/compression/gzip.js";
import { openSessions } from "../../../../runtime/open-sessions.js";
import { randomText } from "../../../../runtime/platform/built-ins.js";
import { type ShopSession, shopKind } from "../../../suites/shop-kind.js";

type Backend = ReturnType<typeof createMemoryBackend>;

function open(backend: Backend, keys?: readonly string[]) {
  const kind = { ...shopKind, compression: gzip(), ...(keys && { encryption: { keys } }) };
  return openSessions<ShopSession, { userId: number }, Backend["abilities"]>(
    kind,
    { backend, logger: { warn: () => undefined } },
    () => backend,
  );
}

async function store(backend: Backend, keys?: readonly string[]): Promise<readonly ShopSession[]> {
  const sessions = open(backend, keys);
  const made = [1, 2, 2].map((userId) => sessions.create({ userId, theme: `canary ${userId} `.repeat(100) }));
  for (const session of made) await session.save();
  return made;
}

describe("a copy from a plain store to an encrypted one", () => {
  const keys = [randomText(32)];

  it("encrypts what it brings, verifies it, and logs nobody out", async () => {
    const [from, to] = [createMemoryBackend(), createMemoryBackend()];
    const [one, two] = await store(from);
    const copied = await copySessions({
      from,
      to,
      convert: { from: open(from), to: open(to, keys) },
      verify: true,
    });
    expect(copied).toMatchObject({
      outcome: "complete",
      created: 3,
      verified: { compared: 3, different: 0 },
    });
    const { records } = await to.abilities.scan.scan({ limit: 10 });
    expect(records.every(({ header }) => /;gzip;[\w-]{8};/.test(header))).toBe(true);
    const sessions = open(to, keys);
    expect((await sessions.load(one?.key ?? ""))?.theme).toBe(one?.theme);
    expect([await sessions.count({ userId: 2 }), await sessions.count()]).toEqual([2, 3]);

    two?.update({ visits: 5 });
    await two?.save();
    await one?.destroy();
    const again = { from, to, convert: { from: open(from), to: open(to, keys) }, verify: true };
    expect(await copySessions(again)).toMatchObject({ replaced: 1, verified: { different: 0, foreign: 1 } });
    expect((await sessions.load(two?.key ?? ""))?.visits).toBe(5);
    expect(await sessions.count({ userId: 2 })).toBe(2);
  });

  it("finds what was tampered with at the target", async () => {
    const [from, to] = [createMemoryBackend(), createMemoryBackend()];
    const [one] = await store(from);
    await copySessions({ from, to, convert: { from: open(from), to: open(to, keys) } });
    const record = await to.load(one?.handle ?? "");
    if (record === null) throw new Error("there is no record");
    const data = record.data.map((byte, at) => (at === 50 ? byte ^ 1 : byte));
    await to.delete(record.id);
    await to.create({ ...record, data });
    const copied = await copySessions({
      from,
      to,
      convert: { from: open(from), to: open(to, keys) },
      verify: true,
    });
    expect(copied.verified).toMatchObject({ compared: 3, different: 1, handles: [record.id] });
  });
});

it("between two encrypted stores of the same keys, bytes are copied as they are", async () => {
  const keys = [randomText(32), randomText(32)];
  const [from, to] = [createMemoryBackend(), createMemoryBackend()];
  const [one] = await store(from, keys);
  expect(await copySessions({ from, to, verify: true })).toMatchObject({ verified: { different: 0 } });
  expect(await to.load(one?.handle ?? "")).toEqual(await from.load(one?.handle ?? ""));
  expect(await open(to, keys).count({ userId: 2 })).toBe(2);
});
