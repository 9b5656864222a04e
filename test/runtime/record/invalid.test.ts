import type { SessionRecord } from "@session-gen/runtime";
import { describe, expect, test } from "vitest";
import { cookieHeader, mustLoad } from "../fixture/open.js";
import { openKind, withFields } from "./stored-bytes.js";

const payload = "payload-7f3a";
const bytes = (text: string) => new TextEncoder().encode(text);

const unreadable: readonly [string, (record: SessionRecord) => Partial<SessionRecord>][] = [
  ["truncated", ({ data }) => ({ data: data.subarray(0, -1) })],
  ["empty", () => ({ data: new Uint8Array() })],
  ["with something behind it", ({ data }) => ({ data: bytes(`${new TextDecoder().decode(data)}1`) })],
  ["no UTF-8", ({ data }) => ({ data: data.map((byte) => (byte === 0x70 ? 0xff : byte)) })],
  ["of no object", () => ({ data: bytes(`"${payload}"`) })],
  ["without meta", () => ({ data: bytes(`{"fields":{"name":"${payload}"}}`) })],
  ["with a meta that is none", () => ({ data: bytes(`{"meta":{"writes":1},"fields":{}}`) })],
  ["without fields", () => ({ data: bytes(`{"meta":{"writes":"12345678"}}`) })],
  ["with fields that are a list", () => ({ data: bytes(`{"meta":{"writes":"12345678"},"fields":[]}`) })],
  ["of another layout", ({ header }) => ({ header: header.replace("1;", "2;") })],
  ["of another codec", ({ header }) => ({ header: header.replace("json", "cbor") })],
  ["encrypted", ({ header }) => ({ header: header.replace(";-;-;", ";-;key1;") })],
  ["with a field that does not validate", withFields({ visits: payload })],
  ["with a nested one", withFields({ cart: [{ sku: "a", quantity: 0 }] })],
];

describe.each(unreadable)("a record that is %s", (_name, change) => {
  test("gives its user a new session under a new key, and stays where it is", async () => {
    const { sessions, backend, warnings, plant } = openKind();
    const key = await plant({ userId: 1, name: payload }, change);
    const [before] = (await backend.abilities.scan.scan({ limit: 9 })).records;
    expect([await sessions.load(key), await sessions.exists(key)]).toEqual([null, false]);
    const session = await sessions.fromCookie(cookieHeader(key));
    expect([session.isNew, session.name, session.key]).toEqual([true, undefined, null]);
    expect(await sessions.commit(await sessions.open(key))).toEqual([]);
    session.name = "new";
    await sessions.commit(session);
    expect([session.key === key, (await mustLoad(sessions, session.key ?? "")).name]).toEqual([false, "new"]);
    expect(await backend.load(before?.id ?? "")).toEqual(before);
    expect(warnings[0]).toContain("cannot be read");
    expect(warnings.join()).not.toContain(payload);
    expect(warnings.join()).not.toContain(key);
  });

  test("does not stop a search, and can be revoked", async () => {
    for (const onInvalid of ["reset", "throw"] as const) {
      const { sessions, plant, backend } = openKind({ onInvalid });
      await plant({ userId: 1, name: payload }, change);
      const good = await sessions.create({ userId: 1, name: "good" }).ensureKey();
      const names: (string | undefined)[] = [];
      for await (const { data } of sessions.find({ userId: 1 })) names.push(data.name);
      expect([names, await sessions.count(), await sessions.count({ userId: 1 })]).toEqual([["good"], 1, 1]);
      await sessions.revoke({ userId: 1 });
      expect([
        await sessions.exists(good),
        (await backend.abilities.scan.scan({ limit: 9 })).records,
      ]).toEqual([false, []]);
    }
  });
});

describe("a record of this version with a field that does not validate", () => {
  const bad = withFields({ theme: payload, visits: -1 });

  test("drop-field leaves it out, and out of what is saved next", async () => {
    const { sessions, plant, fieldsOf } = openKind({ onInvalid: "drop-field" });
    const session = await mustLoad(sessions, await plant({ name: "a", theme: "dark", visits: 3 }, bad));
    expect(session.toObject()).toMatchObject({ name: "a", theme: "light", visits: 0 });
    expect([session.keys(), session.isModified]).toEqual([["name"], false]);
    session.name = "b";
    await session.save();
    expect(await fieldsOf(session)).toEqual({ name: "b" });
  });

  test("throw names the fields and not their values", async () => {
    const { sessions, plant, backend } = openKind({ onInvalid: "throw" });
    const key = await plant({ theme: "dark", visits: 3 }, bad);
    const error: unknown = await sessions.load(key).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "invalid", details: { fields: ["theme", "visits"] } });
    expect(String(error)).not.toContain(payload);
    await expect(sessions.fromCookie(cookieHeader(key))).rejects.toMatchObject({ code: "invalid" });
    expect((await backend.abilities.scan.scan({ limit: 9 })).records).toHaveLength(1);
    expect(await sessions.delete(key)).toBe(true);
  });
});

describe("a record of another version", () => {
  const refused = { theme: "sepia", visits: "many", userId: "u1" };
  const other = withFields(refused, "another");

  test.each(["reset", "drop-field", "throw"] as const)(
    "%s: hides what is refused here, and keeps it",
    async (onInvalid) => {
      const { sessions, plant, fieldsOf, warnings } = openKind({ onInvalid });
      const key = await plant({ name: "a", userId: 1, theme: "dark", visits: 3 }, other);
      const session = await mustLoad(sessions, key);
      expect([session.name, session.theme, session.visits, session.userId]).toEqual([
        "a",
        "light",
        0,
        undefined,
      ]);
      expect([session.keys(), session.has("theme")]).toEqual([["name"], false]);
      session.name = "b";
      await session.save();
      expect(await fieldsOf(session)).toEqual({ ...refused, name: "b" });
      // Written by this version now, and still that of another.
      const again = await mustLoad(sessions, key);
      expect([again.name, again.theme]).toEqual(["b", "light"]);
      await again.cycleKey();
      expect(await fieldsOf(again)).toEqual({ ...refused, name: "b" });
      expect(warnings).toEqual([]);
    },
  );

  test("what is assigned replaces it", async () => {
    const { sessions, plant, fieldsOf } = openKind();
    const session = await mustLoad(sessions, await plant({ name: "a" }, other));
    session.theme = "dark";
    session.visits = 0;
    await session.save();
    expect(await fieldsOf(session)).toEqual({ name: "a", userId: "u1", theme: "dark", visits: 0 });
    expect((await mustLoad(sessions, session.key ?? "")).theme).toBe("dark");
  });

  test("two requests keep it over a merge", async () => {
    const { sessions, plant, fieldsOf } = openKind({ merge: { points: "sum" } });
    const key = await plant({ points: 1n }, withFields({ theme: "sepia", later: 1 }, "another"));
    const [first, second] = [await mustLoad(sessions, key), await mustLoad(sessions, key)];
    first.points += 1n;
    second.points += 1n;
    await Promise.all([first.save(), second.save()]);
    expect(await fieldsOf(first)).toEqual({ points: "3", theme: "sepia", later: 1 });
  });
});

describe("fields that this version does not know survive", () => {
  const top = JSON.parse(
    '{ "later": { "deep": [1, null, { "$date": 1 }] }, "__proto__": { "x": 1 }, "then": 0 }',
  );

  test("at the top", async () => {
    const { sessions, plant, fieldsOf } = openKind();
    const session = await mustLoad(sessions, await plant({ name: "a" }, withFields(top)));
    expect([session.keys(), Object.keys(session.toObject())]).toEqual([
      ["name"],
      expect.not.arrayContaining(["later"]),
    ]);
    session.name = "b";
    session.score = -0;
    await session.save();
    await session.cycleKey();
    session.clear();
    await session.save();
    const fields = await fieldsOf(session);
    expect(Object.keys(fields).sort()).toEqual(["__proto__", "later", "then"]);
    expect(fields["later"]).toEqual(top.later);
    expect(Object.getOwnPropertyDescriptor(fields, "__proto__")?.value).toEqual({ x: 1 });
  });

  const nested = withFields({
    prefs: { language: "en", later: { deep: 1 }, nested: { on: true, later: 2 } },
    cart: [
      { sku: "a", quantity: 1, later: "a" },
      { sku: "b", quantity: 1, later: "b" },
    ],
  });

  test("inside objects that are changed in place", async () => {
    const { sessions, plant, fieldsOf } = openKind();
    const session = await mustLoad(sessions, await plant({}, nested));
    expect(Object.keys(session.prefs ?? {})).toEqual(["language", "nested"]);
    expect(session.toJSON()["prefs"]).toEqual({ language: "en", nested: { on: true } });
    expect(session.isModified).toBe(false);
    Object.assign(session.prefs ?? {}, { size: 9 });
    Object.assign(session.prefs?.nested ?? {}, { on: false });
    await session.save();
    expect((await fieldsOf(session))["prefs"]).toEqual({
      language: "en",
      size: 9,
      later: { deep: 1 },
      nested: { on: false, later: 2 },
    });
  });

  test("moved or spread", async () => {
    const { sessions, plant, fieldsOf } = openKind();
    const session = await mustLoad(sessions, await plant({}, nested));
    session.cart = session.cart.toReversed().map((line) => ({ ...line, quantity: 2 }));
    session.prefs = { language: "fr", ...session.prefs };
    await session.save();
    const fields = await fieldsOf(session);
    expect(fields["cart"]).toEqual([
      { sku: "b", quantity: 2, later: "b" },
      { sku: "a", quantity: 2, later: "a" },
    ]);
    expect(fields["prefs"]).toEqual({ language: "en", later: { deep: 1 }, nested: { on: true, later: 2 } });
  });

  test("until another object takes their place", async () => {
    const { sessions, plant, fieldsOf } = openKind();
    const session = await mustLoad(sessions, await plant({}, nested));
    session.prefs = { language: "de" };
    await session.save();
    expect((await fieldsOf(session))["prefs"]).toEqual({ language: "de" });
  });
});
