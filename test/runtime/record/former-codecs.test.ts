import { randomBytes } from "node:crypto";
import { openSessions, type SessionsFor } from "@session-gen/runtime";
import { createDatabaseBackend, type DatabaseBackend } from "@session-gen/runtime/backends/database";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { IndexColumns } from "../../../runtime/backends/database/record-row.js";
import { cborCodec } from "../../../runtime/codecs/cbor.js";
import { jsonCodec } from "../../../runtime/codecs/json.js";
import { msgpackCodec } from "../../../runtime/codecs/msgpack.js";
import { gzip } from "../../../runtime/compression/gzip.js";
import { copySessions } from "../../../runtime/index.js";
import type { SessionKind } from "../../../runtime/session-kind.js";
import type { Codec } from "../../../runtime/types/codec.js";
import { Session, type SessionFilter, type SessionPatch } from "../fixture/generated/index.js";
import { shape } from "../fixture/generated/shape.js";
import { checkWire } from "../fixture/generated/validate.js";
import { mustLoad } from "../fixture/open.js";

const columns = { userId: { column: "user_id", type: "integer" } } as const;
const codecs: Readonly<Record<string, Codec>> = {
  json: jsonCodec(shape),
  msgpack: msgpackCodec(shape),
  cbor: cborCodec(shape),
};
const data: SessionPatch = {
  ...{ userId: 42, score: -0, points: -(2n ** 70n), picture: Uint8Array.of(0, 255), tags: ["a", "\0", "😀"] },
  ...{ lastSeen: new Date(1.7e12), mixed: 12n, choice: -0, counts: { constructor: 1.5 } },
};

let store: DatabaseBackend;
const opened: DatabaseBackend[] = [];

async function openStore(indexed: IndexColumns = columns): Promise<DatabaseBackend> {
  const backend = createDatabaseBackend({ dialect: "sqlite", url: ":memory:", columns: indexed });
  await backend.createTable();
  opened.push(backend);
  return backend;
}

beforeEach(async () => {
  store = await openStore();
});
afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.close();
});

type Opened = SessionsFor<Session, SessionFilter, DatabaseBackend["abilities"]>;

/** Sessions as generated code opens them when the schema names one codec and others were used before it. */
function openWith(
  [codec, ...former]: readonly string[],
  backend = store,
  more: Partial<SessionKind<Session>> = {},
): Opened {
  const named = (name = ""): Codec => codecs[name] ?? jsonCodec(shape);
  const kind: SessionKind<Session> = {
    ...{ name: "session", Session, shape, shapeHash: "present", checkWire, indexes: ["userId"] },
    codec: named(codec),
    formerCodecs: former.map(named),
    ...more,
  };
  return openSessions<Session, SessionFilter, DatabaseBackend["abilities"]>(kind, { backend }, () => backend);
}

async function storedWith(sessions: Opened, patch: SessionPatch = data): Promise<string> {
  const session = sessions.create(patch);
  await session.save();
  return session.key ?? "";
}

async function headerOf(session: Session, backend = store): Promise<string | undefined> {
  return (await backend.load(session.handle ?? ""))?.header;
}

const pairs = Object.keys(codecs).flatMap((from) =>
  Object.keys(codecs)
    .filter((to) => to !== from)
    .map((to) => [from, to] as const),
);

describe.each(pairs)("records of %s when the schema has changed to %s", (from, to) => {
  test("are read, found and counted, and written anew at their next save", async () => {
    const key = await storedWith(openWith([from]));
    const sessions = openWith([to, from]);
    const session = await mustLoad(sessions, key);
    expect(Object.fromEntries(session.entries())).toEqual(data);
    expect(session.isModified).toBe(false);
    expect(await headerOf(session)).toBe(`1;${from};-;-;present;session`);
    expect(await sessions.count({ userId: 42 })).toBe(1);
    session.visits = 3;
    await session.save();
    expect(await headerOf(session)).toBe(`1;${to};-;-;present;session`);
    const again = await mustLoad(sessions, key);
    expect(Object.fromEntries(again.entries())).toEqual({ ...data, visits: 3 });
  });

  test("are converted by a copy, keeping what is theirs, and compared", async () => {
    const before = openWith([from]);
    const keys = await Promise.all([1, 2, 3].map((userId) => storedWith(before, { ...data, userId })));
    const target = await openStore();
    const after = openWith([to], target);
    const route = { from: store, to: target, convert: { from: before, to: after }, verify: true };
    expect(await copySessions(route)).toMatchObject({
      ...{ outcome: "complete", created: 3, sessions: 3 },
      verified: { compared: 3, different: 0, foreign: 0 },
    });
    for (const [at, key] of keys.entries()) {
      const session = await mustLoad(after, key);
      expect(await headerOf(session, target)).toBe(`1;${to};-;-;present;session`);
      expect(Object.fromEntries(session.entries())).toEqual({ ...data, userId: at + 1 });
      const [old, fresh] = [await store.load(session.handle ?? ""), await target.load(session.handle ?? "")];
      expect({ ...fresh, header: "", data: "" }).toEqual({ ...old, header: "", data: "" });
    }
    expect(await after.count({ userId: 2 })).toBe(1);
    expect(await copySessions(route), "again").toMatchObject({ created: 0, replaced: 0, touched: 0 });
  });
});

test("a record names the version of the shape that wrote it, also when it is converted", async () => {
  const before = openWith(["json"], store, { shapeHash: "older" });
  // So alike that compressing it is worth it, whatever the random ids of the writes are.
  const session = await mustLoad(before, await storedWith(before, { tags: Array(50).fill("tag") }));
  const target = await openStore();
  const after = openWith(["cbor"], target, { compression: gzip({ threshold: 0 }) });
  await copySessions({ from: store, to: target, convert: { from: before, to: after } });
  expect(await headerOf(session, target)).toBe("1;cbor;gzip;-;older;session");
});

test("a copy leaves as it is what it cannot read, and what another kind has stored in the same place", async () => {
  const before = openWith(["json"]);
  const session = await mustLoad(before, await storedWith(before));
  const record = await store.load(session.handle ?? "");
  if (record === null) throw new Error("no record");
  const damaged = { ...record, id: "damaged", data: new TextEncoder().encode("{") };
  const other = { ...record, id: "other", header: "1;json;-;-;present;adminSession" };
  for (const one of [damaged, other]) await store.create(one);
  const target = await openStore();
  const convert = { from: before, to: openWith(["cbor"], target) };
  const report = await copySessions({ from: store, to: target, convert, verify: true });
  expect(report).toMatchObject({ created: 3, verified: { different: 0 } });
  for (const { id } of [damaged, other]) expect(await target.load(id)).toEqual(await store.load(id));
});

test("verification sees a converted record that was tampered with", async () => {
  const before = openWith(["json"]);
  await storedWith(before);
  const target = await openStore();
  const after = openWith(["cbor"], target);
  const route = { from: store, to: target, convert: { from: before, to: after }, verify: true };
  await copySessions(route);
  const { records } = await target.abilities.scan.scan({ limit: 1 });
  const [record] = records;
  if (record === undefined) throw new Error("no record");
  await target.delete(record.id);
  await target.create({
    ...record,
    data: record.data.map((byte, at) => (at === record.data.length - 1 ? byte ^ 1 : byte)),
  });
  expect(await copySessions(route)).toMatchObject({ verified: { different: 1, handles: [record.id] } });
});

test("a record of a codec that was never this schema's is not read, and stays", async () => {
  const key = await storedWith(openWith(["cbor"]));
  const sessions = openWith(["json", "msgpack"]);
  expect(await sessions.load(key)).toBeNull();
  expect((await store.abilities.scan.scan({ limit: 2 })).records).toHaveLength(1);
});

test("records are encrypted by a copy, compared by what is in them, and found by their hashed values", async () => {
  const before = openWith(["json"]);
  const key = await storedWith(before);
  const target = await openStore({ userId: { column: "user_id", type: "text" } });
  const after = openWith(["cbor"], target, { encryption: { keys: randomBytes(32).toString("base64url") } });
  const route = { from: store, to: target, convert: { from: before, to: after }, verify: true };
  expect(await copySessions(route)).toMatchObject({ created: 1, verified: { compared: 1, different: 0 } });
  const session = await mustLoad(after, key);
  expect(Object.fromEntries(session.entries())).toEqual(data);
  expect(await headerOf(session, target)).not.toContain(";-;present;");
  expect(await after.count({ userId: 42 })).toBe(1);
});
