import { describe, expect, test } from "vitest";
import type { FieldModel, KindModel } from "../../../generator/model/model.js";
import { codeVersions, type EvolvingCodec } from "../../suites/versions/code-version.js";
import { type Deployment, deploy } from "../../suites/versions/deployment.js";

const codecs: readonly EvolvingCodec[] = ["json", "cbor", "msgpack", "protobuf"];
const settings = { merge: { visits: "sum", log: "append", tags: "union" } } as const;

/** Fields of which newer code allows more. */
function fieldsWithin(limit: number): readonly FieldModel[] {
  const list: KindModel = { type: "array", items: { type: "string" }, maxItems: limit };
  return [
    { name: "visits", kind: { type: "integer", maximum: limit }, default: 0 },
    { name: "log", kind: list, default: [] },
    { name: "tags", kind: list },
  ];
}

describe.each(codecs)("requests of two versions at once, in %s", (codec) => {
  const schemas = [2, 9].map((limit) => ({ fields: fieldsWithin(limit), settings }));
  const start = async (): Promise<[before: Deployment, after: Deployment, key: string]> => {
    const [before, after] = deploy(codeVersions(codec, schemas));
    if (before === undefined || after === undefined) throw new Error("two versions were to be deployed");
    return [before, after, await before.store({ visits: 1, log: ["a"], tags: ["a"] })];
  };

  test.each([
    ["visits", 8, 2],
    ["log", ["a", "b", "c"], ["a", "x"]],
    ["tags", ["a", "b", "c"], ["a", "x"]],
  ])(
    "what old code would add to a value of %s that it does not allow is a conflict",
    async (name, theirs, mine) => {
      const [before, after, key] = await start();
      const late = await before.read(key);
      await after.write(key, (session) => session.set(name, theirs));
      late.set(name, mine);
      const details = { fields: [name] };
      await expect(late.save()).rejects.toMatchObject({ code: "conflict", details });
      expect((await after.data(key))[name]).toEqual(theirs);
      await late.reload();
      late.set(name, mine);
      await late.save();
      expect((await after.data(key))[name]).toEqual(mine);
    },
  );

  test("nor does it begin with a counter or a list that newer code has just begun", async () => {
    const [before, after] = deploy(codeVersions(codec, schemas));
    if (before === undefined || after === undefined) throw new Error("two versions were to be deployed");
    const key = await before.store({});
    const late = await before.read(key);
    const whole = { visits: 8, log: ["a", "b", "c"], tags: ["a", "b", "c"] };
    await after.write(key, (session) => session.update(whole));
    late.set("visits", 1);
    (late.get("log") as string[]).push("x");
    late.set("tags", ["x"]);
    const details = { fields: ["visits", "log", "tags"] };
    await expect(late.save()).rejects.toMatchObject({ code: "conflict", details });
    expect(await after.data(key)).toEqual(whole);
    await late.reload();
    late.set("visits", 1);
    await late.save();
    expect(await after.data(key)).toEqual({ ...whole, visits: 1 });
  });

  test("old code removes such a value all the same", async () => {
    const [before, after, key] = await start();
    const late = await before.read(key);
    await after.write(key, (session) => session.set("visits", 8));
    late.delete("visits");
    await late.save();
    expect(await after.data(key)).toEqual({ visits: 0, log: ["a"], tags: ["a"] });
  });
});
