import { describe, expect, test } from "vitest";
import type { KindModel } from "../../../generator/model/model.js";
import { codeVersions, type EvolvingCodec, type SchemaVersion } from "../../suites/versions/code-version.js";
import { type Deployment, deploy } from "../../suites/versions/deployment.js";
import { schema } from "../../suites/versions/schema.js";

const text: KindModel = { type: "string" };
const integer: KindModel = { type: "integer" };

const codecs: readonly EvolvingCodec[] = ["json", "cbor", "msgpack", "protobuf"];

describe.each(codecs)("an upgrade of a field that is new, in %s", (codec) => {
  const run = (...schemas: readonly SchemaVersion[]): readonly Deployment[] =>
    deploy(codeVersions(codec, schemas));
  const two = (...schemas: readonly [SchemaVersion, SchemaVersion]): [Deployment, Deployment] =>
    run(...schemas) as [Deployment, Deployment];

  test("computes it from the old record, and the next save stores it", async () => {
    const upgrades = {
      fullName: (old: undefined, { first, last }: { first?: string; last?: string }) =>
        old ?? (first === undefined ? undefined : `${first} ${last}`),
      initials: () => "?",
    };
    const names = { fullName: text, initials: { ...text, maxLength: 3 } as KindModel };
    const [before, after] = two(
      schema({ first: text, last: text, theme: text }),
      schema({ ...names, theme: text }, { upgrades }),
    );
    const key = await before.store({ first: "Ada", last: "Lovelace", theme: "light" });
    const seen = { fullName: "Ada Lovelace", initials: "?", theme: "light" };
    const session = await after.read(key);
    expect([session.toObject(), session.has("fullName"), session.isModified]).toEqual([seen, true, false]);
    // Until new code saves it, what old code writes goes on reaching new code.
    await before.write(key, (mine) => mine.set("first", "Augusta"));
    expect(await after.data(key)).toEqual({ ...seen, fullName: "Augusta Lovelace" });
    await after.write(key, (mine) => mine.set("theme", "dark"));
    await before.write(key, (mine) => mine.delete("first"));
    expect(await after.data(key)).toEqual({ ...seen, fullName: "Augusta Lovelace", theme: "dark" });
    expect(await before.data(key)).toEqual({ last: "Lovelace", theme: "dark" });
    await after.write(key, (mine) => mine.delete("fullName"));
    expect(await after.data(key)).toEqual({ initials: "?", theme: "dark" });
    // A session that never was an old one has only what it was given.
    expect(await after.data(await after.store({ theme: "light" }))).toEqual({ theme: "light" });
    expect([after.warnings, after.invalid]).toEqual([[], []]);
  });

  test("that fails leaves it unset, counted", async () => {
    const upgrades = { long: (_old: undefined, { name = "" }: { name?: string }) => name.repeat(9) };
    const [before, after] = two(
      schema({ name: text }),
      schema({ name: text, long: { ...text, maxLength: 9 } as KindModel }, { upgrades }),
    );
    const [short, long] = [await before.store({ name: "a" }), await before.store({ name: "secret-83" })];
    expect(await after.data(short)).toEqual({ name: "a", long: "aaaaaaaaa" });
    expect([after.warnings, after.invalid]).toEqual([[], []]);
    expect(await after.data(long)).toEqual({ name: "secret-83" });
    expect([after.warnings.length, after.invalid]).toEqual([1, ["field"]]);
    expect(after.warnings.join()).not.toContain("secret-83");
  });

  test("stands after the steps in a list, and is no function for what it was later", async () => {
    const first = schema({ born: integer });
    const fromBirth = (_old: undefined, { born }: { born?: number }) => `${2026 - (born ?? 2026)}`;
    const second = schema({ born: integer, age: text }, { upgrades: { age: fromBirth } });
    const toNumber = (old: string) => Number(old);
    const [one, two, all, only, each] = run(
      first,
      second,
      schema(
        { born: integer, age: integer },
        { upgrades: { age: [toNumber, (_old: undefined, { born = 0 }: { born?: number }) => 2026 - born] } },
      ),
      schema({ born: integer, age: integer }, { upgrades: { age: toNumber } }),
      schema({ born: integer, age: integer }, { upgrades: { age: [toNumber] } }),
    ) as [Deployment, Deployment, Deployment, Deployment, Deployment];
    const key = await one.store({ born: 2000 });
    expect([await two.data(key), await all.data(key)]).toEqual([
      { born: 2000, age: "26" },
      { born: 2000, age: 26 },
    ]);
    expect([await only.data(key), await each.data(key)]).toEqual([{ born: 2000 }, { born: 2000 }]);
    await two.write(key, (mine) => mine.set("age", "27"));
    for (const last of [all, only, each]) expect(await last.data(key)).toEqual({ born: 2000, age: 27 });
  });
});
