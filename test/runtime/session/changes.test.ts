import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { jsonCodec } from "../../../runtime/codecs/json.js";
import { shape } from "../fixture/generated/shape.js";
import { mustLoad, open, openOver, openStored } from "../fixture/open.js";

const cart = [
  { sku: "a", quantity: 1 },
  { sku: "b", quantity: 2 },
];

test("one load, one save, and none when nothing changed", async () => {
  const { sessions, calls, key } = await openStored({ cart });
  const session = await mustLoad(sessions, key);
  expect(session.cart[0]?.quantity).toBe(1);
  await sessions.commit(session);
  expect(calls).toEqual(["load"]);
  session.cart.push({ sku: "c", quantity: 1 });
  await sessions.commit(session);
  expect(calls).toEqual(["load", "save"]);
  await sessions.commit(session);
  expect(calls).toEqual(["load", "save"]);
});

test("reading marks accessed and does not modify", async () => {
  const { sessions, key } = await openStored({ cart, prefs: { language: "de" } });
  const session = await mustLoad(sessions, key);
  expect(session.isAccessed).toBe(false);
  session.has("cart");
  expect([session.isAccessed, session.isModified]).toEqual([true, false]);
  expect([session.cart, session.tags, session.prefs, session.visits, session.lastSeen].length).toBe(5);
  expect([...session].length).toBe(2);
  session.toObject();
  expect(session.isModified).toBe(false);
});

test("an equal value is no change, nor is deleting what is not there", async () => {
  const { sessions, calls, key } = await openStored({ cart, userId: 1, lastSeen: new Date(7), balance: 3n });
  const session = await mustLoad(sessions, key);
  session.userId = 1;
  session.cart = structuredClone(cart);
  session.lastSeen = new Date(7);
  session.balance = 3n;
  session.delete("name");
  session.update({ name: undefined, visits: undefined });
  expect(session.isModified).toBe(false);
  await sessions.commit(session);
  expect(calls).toEqual(["load"]);
});

test("back to what it was is no change", async () => {
  const { sessions, key } = await openStored({ userId: 1 });
  const session = await mustLoad(sessions, key);
  session.userId = 2;
  expect(session.isModified).toBe(true);
  session.userId = 1;
  expect(session.isModified).toBe(false);
});

const changes: readonly [
  string,
  (session: ReturnType<ReturnType<typeof open>["sessions"]["create"]>) => void,
][] = [
  ["an element pushed", ({ cart }) => void cart.push({ sku: "c", quantity: 1 })],
  ["a member of an element", ({ cart }) => Object.assign(cart[0] ?? {}, { quantity: 9 })],
  ["elements swapped", ({ cart }) => void cart.reverse()],
  ["a date moved in place", ({ lastSeen }) => void lastSeen?.setTime(8)],
  ["a byte", ({ picture }) => void picture?.fill(9)],
  ["a nested date", ({ prefs }) => void prefs?.since?.setTime(8)],
  ["a nested member removed", ({ prefs }) => Reflect.deleteProperty(prefs ?? {}, "size")],
  ["a record's new key", ({ counts }) => Object.assign(counts ?? {}, { z: 1 })],
  ["a tuple's element", ({ place }) => void place?.fill(4)],
  ["a date in a union", ({ mixed }) => void (mixed as Date).setTime(8)],
  ["a default changed", ({ tags }) => void tags.push("x")],
];

test.each(changes)("noticed: %s", async (_name, change) => {
  const { sessions, calls, key } = await openStored({
    cart,
    lastSeen: new Date(7),
    picture: new Uint8Array([1, 2]),
    prefs: { language: "de", since: new Date(7), size: 3 },
    counts: { a: 1 },
    place: [1, 2],
    mixed: new Date(7),
  });
  const session = await mustLoad(sessions, key);
  change(session);
  expect(session.isModified).toBe(true);
  await sessions.commit(session);
  expect(calls).toEqual(["load", "save"]);
  expect((await mustLoad(sessions, key)).toObject()).toEqual(session.toObject());
});

test("an object written and then changed by the app is noticed after the save too", async () => {
  const { sessions } = open();
  const line = { sku: "a", quantity: 1 };
  const session = sessions.create({ cart: [line] });
  await session.save();
  line.quantity = 5;
  expect(session.isModified).toBe(true);
  await session.save();
  expect((await mustLoad(sessions, session.key ?? "")).cart).toEqual([{ sku: "a", quantity: 5 }]);
});

/** A session whose stored prefs lack what this version fills in, and have what it does not know. */
async function withForeignPrefs() {
  const opened = await openStored({ userId: 1, prefs: { language: "x" } });
  const codec = jsonCodec(shape);
  const { records } = await opened.backend.abilities.scan.scan({ limit: 1 });
  const [record] = records;
  if (record === undefined) throw new Error("no record");
  const contents = codec.decode(record.data, { maxBytes: 1e6, maxDepth: 50, maxValues: 1000 });
  const prefs = { size: 3, later: { deep: [1] } };
  const data = codec.encode({ ...contents, fields: { ...contents.fields, prefs, future: "kept" } });
  await opened.backend.save({ ...record, data, revision: record.revision + 1, writeId: "aaaaaaaa" });
  const fields = async () => {
    const stored = await opened.backend.load(record.id);
    return stored && codec.decode(stored.data, { maxBytes: 1e6, maxDepth: 50, maxValues: 1000 }).fields;
  };
  return { ...opened, fields };
}

test("a nested default that was filled in is no change, not even when the object is assigned again", async () => {
  const { sessions, key } = await withForeignPrefs();
  const session = await mustLoad(sessions, key);
  expect(session.prefs?.language).toBe("en");
  expect(session.isModified).toBe(false);
  const { prefs } = session;
  if (prefs === undefined) throw new Error("no prefs");
  session.prefs = prefs;
  expect(session.isModified).toBe(false);
  session.prefs = { ...prefs };
  expect(session.isModified).toBe(false);
});

test.each([
  ["in place", (prefs: { size?: number | undefined; language: string }) => Object.assign(prefs, { size: 4 })],
  ["by spreading", (prefs: { size?: number | undefined; language: string }) => ({ ...prefs, size: 4 })],
])("unknown members and fields survive a change %s", async (_how, change) => {
  const { sessions, key, fields } = await withForeignPrefs();
  const session = await mustLoad(sessions, key);
  if (session.prefs === undefined) throw new Error("no prefs");
  session.prefs = change(session.prefs);
  await session.save();
  expect(await fields()).toMatchObject({
    future: "kept",
    prefs: { language: "en", size: 4, later: { deep: [1] } },
  });
});

test("unknown fields survive a save and a rotation", async () => {
  const { sessions, key, backend } = await withForeignPrefs();
  const session = await mustLoad(sessions, key);
  await session.cycleKey();
  const record = await backend.load(session.handle ?? "");
  expect(Buffer.from(record?.data ?? []).toString()).toContain('"future":"kept"');
});

test("markModified saves without a change, markUnmodified leaves changes to an explicit save", async () => {
  const { sessions, calls, key } = await openStored({ userId: 1 });
  const session = await mustLoad(sessions, key);
  session.markModified();
  expect(session.isModified).toBe(true);
  await sessions.commit(session);
  expect(calls).toEqual(["load", "save"]);
  session.name = "Ann";
  session.setExpiry(60);
  session.markUnmodified();
  expect(session.isModified).toBe(false);
  await sessions.commit(session);
  expect(calls).toEqual(["load", "save"]);
  await session.save();
  const loaded = await mustLoad(sessions, key);
  expect([loaded.name, loaded.expiresAt - loaded.createdAt]).toEqual(["Ann", 60_000]);
});

test("a change after markUnmodified counts again", async () => {
  const { sessions, key } = await openStored({ cart });
  const session = await mustLoad(sessions, key);
  session.cart.push({ sku: "c", quantity: 1 });
  session.markUnmodified();
  session.cart.push({ sku: "d", quantity: 1 });
  expect(session.isModified).toBe(true);
});

test("a periodic rotation does not write what was marked unmodified", async () => {
  const { sessions, clock, key } = await openStored({ userId: 1 }, { expiry: { idle: "3h" } });
  clock.advance("61m");
  const session = await mustLoad(sessions, key);
  session.name = "Ann";
  session.markUnmodified();
  await sessions.commit(session);
  expect(session.key).not.toBe(key);
  expect((await mustLoad(sessions, session.key ?? "")).name).toBeUndefined();
});

test("an empty new session is not stored; emptied it stays", async () => {
  const { sessions, calls } = open();
  const session = await sessions.open();
  session.name = "Ann";
  session.name = undefined;
  expect(await sessions.commit(session)).toEqual([
    ["Vary", "Cookie"],
    ["Cache-Control", 'private, no-cache="Set-Cookie"'],
  ]);
  expect(calls).toEqual([]);
});

test("a session that was not used costs no header", async () => {
  const { sessions, calls } = open();
  expect(await sessions.commit(await sessions.fromCookie(undefined))).toEqual([]);
  expect(await sessions.commit(await sessions.fromCookie("__Host-session=bogus; x"))).toEqual([]);
  expect(calls).toEqual([]);
  expect(await sessions.commit(await sessions.fromCookie(`__Host-session=${"a".repeat(43)}`))).toEqual([]);
  expect(calls).toEqual(["load"]);
});

test.each(["key", "handle", "isNew", "createdAt", "expiresAt"] as const)(
  "an answer made from %s is no other client's",
  async (name) => {
    const { sessions, key } = await openStored();
    const session = await sessions.fromCookie(`__Host-session=${key}`);
    expect(session[name]).toBeDefined();
    expect([session.isAccessed, session.isModified]).toEqual([true, false]);
    expect(Object.fromEntries(await sessions.commit(session))).toHaveProperty("Vary", "Cookie");
  },
);

test("a touch that is overtaken for ever ends", async () => {
  const place = createMemoryBackend();
  const { sessions, calls } = openOver({ ...place, touch: async () => false });
  const session = sessions.create({ userId: 1 });
  await session.save();
  await session.touch();
  expect(calls.filter((call) => call === "touch").length).toBeLessThan(10);
});
