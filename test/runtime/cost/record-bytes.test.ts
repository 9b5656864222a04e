import { expect, test } from "vitest";
import { codec as protobuf } from "../../../bench/example/generated/codec.js";
import { Session } from "../../../bench/example/generated/session.js";
import { shape } from "../../../bench/example/generated/shape.js";
import { checkWire } from "../../../bench/example/generated/validate.js";
import { exampleData } from "../../../bench/http/example.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { toValue } from "../../../runtime/backends/redis/record-value.js";
import { cborCodec } from "../../../runtime/codecs/cbor.js";
import { jsonCodec } from "../../../runtime/codecs/json.js";
import { msgpackCodec } from "../../../runtime/codecs/msgpack.js";
import { openSessions } from "../../../runtime/index.js";
import { fakeClock } from "../../../runtime/testing/index.js";

/** The bytes of a record of the bench's example, 735 as plain JSON: its data, and all of it as Redis has it. */
const expected = {
  protobuf: { data: 316, redis: 374 },
  msgpack: { data: 613, redis: 671 },
  cbor: { data: 614, redis: 672 },
  json: { data: 775, redis: 833 },
};

const codecs = {
  protobuf,
  msgpack: msgpackCodec(shape),
  cbor: cborCodec(shape),
  json: jsonCodec(shape),
};

test.each(["protobuf", "msgpack", "cbor", "json"] as const)(
  "a record in %s has as many bytes as it had",
  async (name) => {
    const clock = fakeClock();
    const backend = createMemoryBackend({ clock });
    const kind = { name: "session", Session, shape, shapeHash: "f1bd3bd99c641b8f", checkWire };
    const sessions = openSessions({ ...kind, codec: codecs[name] }, { clock, backend }, () => backend);
    const session = sessions.create(exampleData());
    await session.save();
    const record = await backend.load(session.handle ?? "");
    if (record === null) throw new Error("It was not stored.");
    expect({ data: record.data.length, redis: toValue(record).length }).toEqual(expected[name]);
  },
);
