import { describe, expect, test } from "vitest";
import type { KindModel } from "../../../generator/model/model.js";
import { codeVersions, type EvolvingCodec, type SchemaVersion } from "../../suites/versions/code-version.js";
import { type Deployment, deploy } from "../../suites/versions/deployment.js";
import { type KindsByName, schema } from "../../suites/versions/schema.js";

const text: KindModel = { type: "string" };
const integer: KindModel = { type: "integer" };
const date: KindModel = { type: "date" };
const bigint: KindModel = { type: "bigint" };
const oneOf = (...values: readonly string[]): KindModel => ({ type: "literal", values });
const object = (members: Readonly<Record<string, KindModel>>): KindModel => ({
  type: "object",
  members: Object.entries(members).map(([name, kind]) => ({ name, kind })),
});

const codecs: readonly EvolvingCodec[] = ["json", "cbor", "msgpack", "protobuf"];

describe.each(codecs)("an upgrade, in %s", (codec) => {
  const run = (...schemas: readonly SchemaVersion[]): readonly Deployment[] =>
    deploy(codeVersions(codec, schemas));
  const two = (...schemas: readonly [SchemaVersion, SchemaVersion]): [Deployment, Deployment] =>
    run(...schemas) as [Deployment, Deployment];

  test("of a retyped field converts what is stored, until the app assigns it", async () => {
    const upgrades = { visits: (old: bigint) => Number(old) + 0.5 };
    const [before, after] = two(
      schema({ visits: bigint, name: text }),
      schema({ visits: { type: "number" }, name: text }, { upgrades }),
    );
    const key = await before.store({ visits: 2n ** 40n, name: "a" });
    expect(await after.data(key)).toEqual({ visits: 2 ** 40 + 0.5, name: "a" });
    const session = await after.read(key);
    expect([session.has("visits"), session.isModified]).toEqual([true, false]);
    await after.write(key, (mine) => mine.set("name", "b"));
    // What old code writes goes on reaching new code.
    await before.write(key, (mine) => mine.set("visits", 7n));
    expect(await after.data(key)).toEqual({ visits: 7.5, name: "b" });
    await after.write(key, (mine) => mine.set("visits", 1.25));
    expect(await after.data(key)).toEqual({ visits: 1.25, name: "b" });
    // A rollback finds what it knows.
    expect(await before.data(key)).toEqual({ visits: 7n, name: "b" });
    await before.write(key, (mine) => mine.set("name", "c"));
    expect(await after.data(key)).toEqual({ visits: 1.25, name: "c" });
    await after.write(key, (mine) => mine.delete("visits"));
    expect([await after.data(key), await before.data(key)]).toEqual([{ name: "c" }, { name: "c" }]);
    expect([after.warnings, before.warnings, after.invalid]).toEqual([[], [], []]);
  });

  test("goes from step to step, or at once", async () => {
    const first = schema({ at: integer });
    const second = schema({ at: text }, { upgrades: { at: (old: number) => `${old}` } });
    const steps = [(old: number) => `${old}`, (old: string) => new Date(Number(old))];
    const third = schema({ at: date }, { upgrades: { at: steps } });
    const atOnce = schema(
      { at: date },
      { upgrades: { at: (old: number | string) => new Date(Number(old)) } },
    );
    for (const last of [third, atOnce]) {
      const [one, two, three] = run(first, second, last) as [Deployment, Deployment, Deployment];
      const key = await one.store({ at: 5 });
      expect([await two.data(key), await three.data(key)]).toEqual([{ at: "5" }, { at: new Date(5) }]);
      await two.write(key, (mine) => mine.set("at", "6"));
      expect(await three.data(key)).toEqual({ at: new Date(6) });
      await three.write(key, (mine) => mine.set("at", new Date(9)));
      expect(await Promise.all([one, two, three].map((version) => version.data(key)))).toEqual([
        { at: 5 },
        { at: "6" },
        { at: new Date(9) },
      ]);
    }
  });

  test("is given the whole old record, by the names of then", async () => {
    const upgrades = {
      price: (old: number, record: { currency?: string; since?: Date }) =>
        `${old} ${record.currency} ${record.since?.getTime()}`,
    };
    const [before, after] = two(
      schema({ price: integer, currency: text, since: date }),
      schema({ price: text, unit: text }, { renamed: { unit: "currency" }, upgrades }),
    );
    const key = await before.store({ price: 3, currency: "EUR", since: new Date(8) });
    expect(await after.data(key)).toEqual({ price: "3 EUR 8", unit: "EUR" });
  });

  test("answers a removed enum value, a narrowed limit and a member that must be there", async () => {
    const upgrades = {
      theme: (old: string) => (old === "sepia" ? "light" : old),
      nick: (old: string) => old.slice(0, 3),
      person: ({ first, last }: { first: string; last: string }) => ({ full: `${first} ${last}` }),
    };
    const [before, after] = two(
      schema({
        theme: oneOf("light", "sepia", "dark"),
        nick: { ...text, maxLength: 9 } as KindModel,
        person: object({ first: text, last: text }),
      }),
      schema(
        {
          theme: oneOf("light", "dark"),
          nick: { ...text, maxLength: 3 } as KindModel,
          person: object({ full: text }),
        },
        { upgrades },
      ),
    );
    const stored = { theme: "sepia", nick: "abcdef", person: { first: "a", last: "b" } };
    const seen = { theme: "light", nick: "abc", person: { full: "a b" } };
    const key = await before.store(stored);
    expect(await after.data(key)).toEqual(seen);
    await after.write(key, (mine) => mine.markModified());
    expect([await after.data(key), await before.data(key)]).toEqual([seen, stored]);
    await after.write(key, (mine) => mine.set("theme", "dark"));
    expect([await after.data(key), await before.data(key)]).toEqual([
      { ...seen, theme: "dark" },
      { ...stored, theme: "dark" },
    ]);
    expect(after.invalid).toEqual([]);
  });

  test("that throws, or gives what is not allowed, leaves the field unset and what is stored where it is", async () => {
    const secret = "secret-81";
    const upgrades = {
      a: () => {
        throw new RangeError(secret);
      },
      b: () => secret,
      c: () => undefined,
    };
    const [before, after] = two(
      schema({ a: text, b: text, c: text, d: text }),
      schema({ a: integer, b: integer, c: integer, d: text }, { upgrades }),
    );
    const key = await before.store({ a: secret, b: "2", c: "3", d: "4" });
    expect(await after.data(key)).toEqual({ d: "4" });
    await after.write(key, (mine) => mine.set("d", "5"));
    expect(await before.data(key)).toEqual({ a: secret, b: "2", c: "3", d: "5" });
    expect(after.warnings.join()).toContain('"a"');
    expect(after.warnings.join()).not.toContain(secret);
    expect(new Set(after.invalid)).toEqual(new Set(["field"]));
  });

  test("merges with what others write meanwhile", async () => {
    const upgrades = { visits: (old: string) => Number(old) };
    const [before, after] = two(
      schema({ visits: text }),
      schema({ visits: integer }, { upgrades, settings: { merge: { visits: "sum" } } }),
    );
    const key = await before.store({ visits: "10" });
    const mine = await after.read(key);
    mine.set("visits", (mine.get("visits") as number) + 1);
    await before.write(key, (theirs) => theirs.set("visits", "20"));
    await mine.save();
    expect(await after.data(key)).toEqual({ visits: 21 });
  });
});

test.each(codecs)(
  "an upgrade is given the members that are gone since, as they were, in %s",
  async (codec) => {
    const members = (names: Readonly<Record<string, KindModel>>, isOptional = false): KindsByName => ({
      a: {
        type: "object",
        members: Object.entries(names).map(([name, kind]) => ({
          name,
          kind,
          ...(isOptional && name === "y" && { optional: true }),
        })),
      },
    });
    const bytes: KindModel = { type: "bytes" };
    const upgrades = {
      a: ({ x, w, z }: { x: bigint; w: Uint8Array; z: string }) => ({ y: Number(x) + w.length, z }),
    };
    const versions = codeVersions(codec, [
      schema(members({ x: bigint, w: bytes, y: integer, z: text }, true)),
      schema(members({ x: bigint, w: bytes, y: integer, z: text }), { upgrades }),
      schema(members({ y: integer, z: text }), { upgrades }),
    ]);
    const [first, , last] = deploy(versions);
    const key = (await first?.store({ a: { x: 40n, w: new Uint8Array(2), z: "kept" } })) ?? "";
    expect(await last?.data(key)).toEqual({ a: { y: 42, z: "kept" } });
    await last?.write(key, (session) => session.markModified());
    expect(await first?.data(key)).toMatchObject({ a: { x: 40n, z: "kept" } });
  },
);

test("an upgrade that gives a promise fails, and what comes of it later ends no process", async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown): void => void unheard.push(reason);
  process.on("unhandledRejection", listen);
  const late = async (): Promise<never> => {
    throw new Error("too late");
  };
  const upgrades = { a: late, b: [late, (old: string) => `${old}`.length] };
  const versions = codeVersions("json", [
    schema({ a: text, b: integer }),
    schema({ a: text, b: text }, { upgrades: { b: (old: number) => `${old}` } }),
    schema({ a: integer, b: bigint }, { upgrades }),
  ]);
  const [before, , after] = deploy(versions);
  const key = await before?.store({ a: "1", b: 2 });
  expect(await after?.data(key ?? "")).toEqual({});
  expect(await before?.data(key ?? "")).toEqual({ a: "1", b: 2 });
  expect(after?.warnings.join()).toContain('"a" of a stored session failed (TypeError)');
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", listen);
  expect(unheard).toEqual([]);
});

test("an upgrade that fails is an error where every invalid record is one", async () => {
  const upgrades = { a: () => "no number" };
  const [one, two] = codeVersions("json", [schema({ a: text }), schema({ a: integer }, { upgrades })]);
  if (one === undefined || two === undefined) throw new Error("no versions");
  const [before, after] = deploy([one, { ...two, kind: { ...two.kind, onInvalid: "throw" } }]);
  const key = await before?.store({ a: "secret-82" });
  const error: unknown = await after?.read(key ?? "").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "invalid", details: { fields: ["a"] } });
  expect(String(error)).not.toContain("secret-82");
});

test.each(codecs)(
  "a list that another version fills past its limit is kept, and shown where it fits, in %s",
  async (codec) => {
    const roles = (...values: readonly string[]): KindsByName => ({
      roles: { type: "array", items: oneOf(...values), maxItems: 2 },
    });
    const versions = codeVersions(codec, [
      schema(roles("admin", "editor")),
      schema(roles("admin", "editor", "owner")),
    ]);
    const [before, after] = deploy(versions);
    if (before === undefined || after === undefined) throw new Error("Two versions were to be deployed.");
    const key = await after.store({ roles: ["owner", "admin"] });
    expect(await before.data(key)).toEqual({ roles: ["admin"] });
    // With the owner that it does not see there are three.
    await before.write(key, (mine) => mine.set("roles", ["admin", "editor"]));
    expect([await before.data(key), await after.data(key)]).toEqual([{ roles: ["admin", "editor"] }, {}]);
    expect(after.invalid).toContain("field");
    await before.write(key, (mine) => mine.set("roles", ["editor"]));
    expect(await after.data(key)).toEqual({ roles: ["owner", "editor"] });
    expect([before.warnings, after.warnings]).toEqual([[], []]);
  },
);
