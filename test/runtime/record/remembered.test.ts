import { inspect } from "node:util";
import { jsonCodec } from "@session-gen/runtime/codecs/json";
import { expect, test } from "vitest";
import { shape } from "../fixture/generated/shape.js";
import { mustLoad } from "../fixture/open.js";
import { openKind } from "./stored-bytes.js";

test("memory's record is decoded once, and a copy of it that holds something else is read anew", async () => {
  const own = jsonCodec(shape);
  let decoded = 0;
  const codec: typeof own = {
    ...own,
    decode(...given) {
      decoded += 1;
      return own.decode(...given);
    },
  };
  const { sessions, backend } = openKind({ codec });
  const session = sessions.create({ userId: 1, tags: ["a"] });
  await session.save();
  const key = session.key ?? "";
  for (let time = 0; time < 3; time += 1) {
    const loaded = await mustLoad(sessions, key);
    expect([loaded.userId, loaded.tags]).toEqual([1, ["a"]]);
    loaded.tags.push("b");
  }
  expect(decoded).toBe(1);
  const record = await backend.load(session.handle ?? "");
  const other = own.encode({ meta: { writes: "" }, fields: { userId: 2 } });
  // Memory keeps one with such a write id as it is given.
  if (record)
    await backend.save({ ...record, data: other, revision: record.revision + 1, writeId: "planted" });
  expect((await mustLoad(sessions, key)).userId).toBe(2);
  expect(decoded).toBe(2);
});

test("what a record was read as is not shown with the record, and one that cannot be changed is served", async () => {
  const { sessions, backend } = openKind();
  const session = sessions.create({ name: "nobody's business" });
  await session.save();
  const [key, id] = [session.key ?? "", session.handle ?? ""];
  expect((await mustLoad(sessions, key)).name).toBe("nobody's business");
  const record = await backend.load(id);
  expect(inspect(record, { depth: 9, showHidden: true })).not.toContain("nobody's business");
  // Memory keeps one with such a write id as it is given.
  if (record)
    await backend.save(Object.freeze({ ...record, revision: record.revision + 1, writeId: "frozen" }));
  for (let time = 0; time < 2; time += 1)
    expect((await mustLoad(sessions, key)).name).toBe("nobody's business");
});
