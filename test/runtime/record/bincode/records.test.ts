import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { jsonCodec } from "@session-gen/runtime/codecs/json";
import { describe, expect, it } from "vitest";
import { recordLimits } from "../../../../runtime/record/limits.js";
import type { SessionRecord } from "../../../../runtime/types/backend.js";
import { codec } from "../../../golden/generated/bincode/expected/generated/codec.js";
import { createSessions } from "../../../golden/generated/bincode/expected/generated/index.js";
import { shape } from "../../../golden/generated/bincode/expected/generated/shape.js";
import { sessions } from "./vectors.js";

const quiet = { warn: () => {}, error: () => {}, info: () => {}, debug: () => {} };

/** A session that was saved, and the record that it is in. */
async function savedSession() {
  const backend = createMemoryBackend();
  const opened = createSessions({ backend, logger: quiet });
  const session = opened.create({ text: "one", total: 7 });
  await session.save();
  const [record] = (await backend.abilities.scan.scan({ limit: 2 })).records;
  if (record === undefined || session.key === null) throw new Error("nothing was saved");
  return { backend, opened, key: session.key, record };
}

async function replace(backend: ReturnType<typeof createMemoryBackend>, record: SessionRecord) {
  expect(await backend.delete(record.id)).toBe(true);
  expect(await backend.create(record)).toBe(true);
}

describe("a record in bincode", () => {
  it("names its codec, and is read again", async () => {
    const { opened, key, record } = await savedSession();
    expect(record.header.split(";")[1]).toBe("bincode");
    expect((await opened.load(key))?.toObject()).toMatchObject({ text: "one", total: 7, count: 0 });
  });

  it("of another version of the shape is not read, and stays", async () => {
    const { backend, opened, key, record } = await savedSession();
    const hash = record.header.split(";")[4] ?? "";
    await replace(backend, { ...record, header: record.header.replace(hash, "0123456789abcdef") });
    expect(await opened.load(key)).toBeNull();
    const fresh = await opened.open(key);
    expect({ isNew: fresh.isNew, text: fresh.text }).toEqual({ isNew: true, text: undefined });
    expect(await backend.exists(record.id)).toBe(true);
  });

  it("that does not keep the rules of the shape is not believed", async () => {
    const { backend, opened, key, record } = await savedSession();
    const { meta } = codec.decode(record.data, recordLimits);
    const data = codec.encode({ meta, fields: { text: "far too long a text" } });
    expect(codec.decode(data, recordLimits).isChecked).toBe(false);
    await replace(backend, { ...record, data });
    expect(await opened.load(key)).toBeNull();
  });

  it("leaves out what this version refuses and another one wrote with another codec", () => {
    const meta = { writes: "12345678", foreign: ["total"] };
    const fields = { text: "one", total: "of another type", unknown: 5 };
    const read = codec.decode(codec.encode({ meta, fields }), recordLimits);
    expect(read).toEqual({ meta, fields: { text: "one" }, isChecked: true });
    const json = jsonCodec(shape);
    expect(json.decode(json.encode({ meta, fields }), recordLimits).fields).toEqual(fields);
  });

  it("in wire form is refused when it has no form here", () => {
    const meta = { writes: "" };
    expect(() => codec.encode({ meta, fields: { total: "7" } })).toThrow(
      expect.objectContaining({ name: "SessionError", code: "invalid" }),
    );
    expect(Buffer.from(codec.encode({ meta, fields: {} })).toString("hex")).toBe(`00${sessions.empty}`);
  });
});
