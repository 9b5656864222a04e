import { inspect } from "node:util";
import { expect, expectTypeOf, test } from "vitest";
import type { SessionData, SessionPatch } from "../fixture/generated/index.js";
import { open } from "../fixture/open.js";

const empty = () => open().sessions.create();

test("fields are properties: get, set and the accessors are one", () => {
  const session = empty();
  expect(session.userId).toBeUndefined();
  session.userId = 42;
  expect(session.get("userId")).toBe(42);
  session.set("name", "Ann");
  expect(session.name).toBe("Ann");
  session["odd-name"] = "x";
  expect(session.get("odd-name")).toBe("x");
});

test("undefined removes an optional field and returns a defaulted one to its default", () => {
  const session = empty();
  session.name = "Ann";
  session.name = undefined;
  expect(session.has("name")).toBe(false);
  session.visits = 5;
  session.set("visits", undefined);
  expect(session.visits).toBe(0);
  expect(session.has("visits")).toBe(false);
});

test("has, keys and isEmpty count what was set, not defaults", () => {
  const session = empty();
  expect(session.visits).toBe(0);
  expect(session.cart).toEqual([]);
  expect([session.has("visits"), session.keys(), session.isEmpty]).toEqual([false, [], true]);
  session.name = "Ann";
  session.visits = 3;
  expect(session.keys()).toEqual(["name", "visits"]);
  expect(session.isEmpty).toBe(false);
  expect(session.has("nothing")).toBe(false);
  expect(session.has("toString")).toBe(false);
});

test("a default that was changed in place counts as set", () => {
  const session = empty();
  session.cart.push({ sku: "a", quantity: 1 });
  expect(session.has("cart")).toBe(true);
  expect(session.keys()).toEqual(["cart"]);
});

test("delete and pop", () => {
  const session = empty();
  session.visits = 3;
  session.name = "Ann";
  expect(session.delete("visits")).toBe(true);
  expect(session.visits).toBe(0);
  expect(session.delete("visits")).toBe(false);
  expect(session.pop("name")).toBe("Ann");
  expect(session.pop("name")).toBeUndefined();
  expect(session.has("name")).toBe(false);
});

test("a default shown after a deletion does not undo it", async () => {
  const { sessions } = open();
  const session = sessions.create({ cart: [{ sku: "a", quantity: 1 }], name: "x" });
  await session.save();
  session.delete("cart");
  expect(session.cart).toEqual([]);
  expect(session.has("cart")).toBe(false);
  await session.save();
  expect([session.isModified, session.has("cart")]).toEqual([false, false]);
  expect((await sessions.load(session.key ?? ""))?.has("cart")).toBe(false);
});

test("setDefault assigns only what was not set", () => {
  const session = empty();
  const name: string = session.setDefault("name", "Ann");
  expect(name).toBe("Ann");
  expect(session.setDefault("name", "Bob")).toBe("Ann");
  expect(session.setDefault("visits", 0)).toBe(0);
  expect(session.has("visits")).toBe(true);
});

test("update assigns several fields; an undefined member removes", () => {
  const session = empty();
  session.name = "Ann";
  session.update({ userId: 1, name: undefined, theme: "dark" });
  expect(session.entries()).toEqual([
    ["userId", 1],
    ["theme", "dark"],
  ]);
});

test("keys, values, entries and iteration go in the order of the schema", () => {
  const session = empty();
  session.update({ theme: "dark", userId: 1 });
  expect(session.keys()).toEqual(["userId", "theme"]);
  expect(session.values()).toEqual([1, "dark"]);
  expect([...session]).toEqual(session.entries());
});

test("clear removes every field and keeps the key", async () => {
  const session = empty();
  session.update({ theme: "dark", userId: 1 });
  await session.save();
  const { key } = session;
  session.clear();
  expect([session.isEmpty, session.theme, session.key]).toEqual([true, "light", key]);
});

test("an undeclared property throws, also through set, update and defineProperty", () => {
  const session = empty();
  const bag = session as unknown as Record<string, unknown>;
  expect(() => {
    bag["userid"] = 1;
  }).toThrow(/userid/);
  expect(() => Object.defineProperty(session, "other", { value: 1 })).toThrow(/other/);
  expect(() => session.update({ theme: "dark", ["nope" as "name"]: "x" })).toThrow(
    expect.objectContaining({ code: "invalid" }),
  );
  expect(session.isEmpty).toBe(true); // not even the fields before it
  expect(() => session.get("nope" as "name")).toThrow(expect.objectContaining({ code: "invalid" }));
  expect(() => session.get("constructor" as "name")).toThrow(expect.objectContaining({ code: "invalid" }));
});

test("what a session is made of is no property of it", () => {
  const session = empty();
  expect(["name" in session, "nope" in session, "state" in session]).toEqual([true, false, false]);
  expect([Reflect.ownKeys(session), { ...session }]).toEqual([[], {}]);
  const read = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(session), "name")?.get;
  expect(() => read?.call({})).toThrow(TypeError);
});

test("delete session.field does not pass in silence", () => {
  const session = empty();
  session.name = "Ann";
  expect(() => Reflect.deleteProperty(session, "name")).toThrow(/session\.delete\("name"\)/);
  expect(session.name).toBe("Ann");
});

test("toObject is a deep copy with defaults", () => {
  const session = empty();
  const since = new Date(5);
  session.update({ prefs: { language: "de", since }, picture: new Uint8Array([1, 2]) });
  const copy = session.toObject();
  expect(copy).toEqual({
    prefs: { language: "de", since: new Date(5) },
    picture: new Uint8Array([1, 2]),
    theme: "light",
    visits: 0,
    points: 0n,
    cart: [],
    tags: [],
  });
  copy.prefs?.since?.setTime(9);
  copy.picture?.fill(0);
  copy.cart.push({ sku: "x", quantity: 1 });
  expect([session.prefs?.since, session.picture, session.cart]).toEqual([
    new Date(5),
    new Uint8Array([1, 2]),
    [],
  ]);
});

const redacted = {
  secret: "s3cret",
  balance: 12n,
  picture: new Uint8Array([1, 2, 3]),
  lastSeen: new Date(0),
};

test("toJSON has JSON values only, without the redacted fields and the key", async () => {
  const session = empty();
  session.update(redacted);
  await session.save();
  const json: unknown = JSON.parse(JSON.stringify(session));
  expect(json).toMatchObject({
    balance: "12",
    picture: "AQID",
    lastSeen: "1970-01-01T00:00:00.000Z",
    visits: 0,
  });
  expect(JSON.stringify(session)).not.toContain("s3cret");
  expect(JSON.stringify(session)).not.toContain(session.key);
});

test("inspection shows the same, and neither counts as access nor fails", async () => {
  const { sessions } = open();
  const written = sessions.create(redacted);
  await written.save();
  const session = await sessions.open(written.key ?? "");
  for (const shown of [inspect(session), inspect({ session }), inspect(session, { depth: 0 })]) {
    expect(shown).not.toContain("s3cret");
    expect(shown).not.toContain(written.key);
  }
  expect(inspect(session)).toContain("Session {");
  expect(session.isAccessed).toBe(false);
  const circular: unknown[] = [];
  circular.push(circular);
  session.cart = "nonsense" as unknown as [];
  session.choice = circular as unknown as string;
  expect(() => inspect(session)).not.toThrow();
  expect(() => JSON.stringify(session)).not.toThrow();
  expect(() => session.toObject()).not.toThrow();
});

test("after destroy a write throws, reading shows nothing", async () => {
  const { sessions } = open();
  const session = sessions.create({ userId: 1 });
  await session.save();
  await session.destroy();
  const gone = expect.objectContaining({ code: "gone" });
  expect(() => {
    session.userId = 2;
  }).toThrow(gone);
  expect(() => session.update({ userId: 1 })).toThrow(gone);
  expect(() => session.markModified()).toThrow(gone);
  expect(() => session.setExpiry(5)).toThrow(gone);
  await expect(session.save()).rejects.toThrow(gone);
  await expect(session.cycleKey()).rejects.toThrow(gone);
  await expect(session.touch()).rejects.toThrow(gone);
  await expect(session.reload()).rejects.toThrow(gone);
  await expect(session.ensureKey()).rejects.toThrow(gone);
  expect([session.userId, session.key, session.handle, session.isEmpty]).toEqual([
    undefined,
    null,
    null,
    true,
  ]);
  await session.destroy();
  await session.flush();
});

test("types follow the shape", () => {
  const session = empty();
  expectTypeOf(session.get("userId")).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.get("visits")).toEqualTypeOf<number>();
  expectTypeOf(session.pop("name")).toEqualTypeOf<string | undefined>();
  expectTypeOf(session.keys()).toEqualTypeOf<(keyof SessionData)[]>();
  expectTypeOf(session.toObject()).toEqualTypeOf<SessionData>();
  expectTypeOf<SessionData>().toHaveProperty("visits").toEqualTypeOf<number>();
  expectTypeOf<{ userId: undefined }>().toExtend<SessionPatch>();
  // @ts-expect-error a string is no user id
  const wrong = () => session.set("userId", "42");
  // @ts-expect-error no such field
  const unknown = () => session.get("userid");
  // @ts-expect-error no such field
  const property = () => session.userid;
  expect([wrong, unknown, property].length).toBe(3);
});
