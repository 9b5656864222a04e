import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import protobufjs from "protobufjs";
import { describe, expect, test } from "vitest";
import { loadFixtureModel, sessionData } from "../../../suites/codec-fixture.js";
import { anyModelWithData } from "../../../suites/codec-models.js";
import { type LoadedCodec, loadGeneratedCodec } from "../../../suites/generated-codec.js";

/** The type of the session in an emitted `session.proto`, as an independent implementation reads it. */
function typeOf({ proto }: LoadedCodec): protobufjs.Type {
  return protobufjs.parse(proto, { keepCase: true }).root.lookupType("session.Session");
}

/** What is left of bytes that protobufjs has read and written: only what `session.proto` declares. */
function throughProtobufjs(type: protobufjs.Type, bytes: Uint8Array): Uint8Array {
  return type.encode(type.decode(bytes)).finish();
}

/** As vitest has it, but for members called `constructor`. */
function expectSame(one: unknown, other: unknown): void {
  expect(isDeepStrictEqual(one, other), `${inspect(one)} for ${inspect(other)}`).toBe(true);
}

describe("protobufjs, which knows only the emitted session.proto", () => {
  test("reads what we wrote and writes what we read, for any shape", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(anyModelWithData(), ({ model, data }) => {
        const loaded = loadGeneratedCodec(model, "protobuf");
        const type = typeOf(loaded);
        for (const given of data) {
          const bytes = loaded.encode(given);
          expectSame(loaded.decode(throughProtobufjs(type, bytes)), loaded.decode(bytes));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("does so for sessions of every kind of field", async () => {
    const loaded = loadGeneratedCodec(await loadFixtureModel(), "protobuf");
    const type = typeOf(loaded);
    fc.assert(
      fc.property(sessionData, (data) => {
        const whole = loaded.decode(loaded.codec.encode({ meta: { writes: "" }, fields: {} }).subarray(1));
        const bytes = loaded.encode({ ...whole, ...data });
        expectSame(loaded.decode(throughProtobufjs(type, bytes)), loaded.decode(bytes));
      }),
    );
  });

  test("finds each value where session.proto says that it is", async () => {
    const loaded = loadGeneratedCodec(await loadFixtureModel(), "protobuf");
    const type = typeOf(loaded);
    const bytes = loaded.encode({ ...(loaded.decode(new Uint8Array()) as object), ...example });
    const read = type.toObject(type.decode(bytes), { longs: Number, enums: String, bytes: Array });
    expect(read).toEqual(exampleInProto);
  });

  test("writes sessions that we read", async () => {
    const loaded = loadGeneratedCodec(await loadFixtureModel(), "protobuf");
    const type = typeOf(loaded);
    const bytes = type.encode(type.fromObject(exampleInProto)).finish();
    expect(loaded.decode(bytes)).toEqual(example);
  });
});

const example = {
  userId: -42,
  name: "名前",
  score: -0.5,
  isAdmin: false,
  balance: -129n,
  lastSeen: new Date(-1),
  picture: Uint8Array.of(0, 255),
  theme: "dark",
  visits: 0,
  points: 0n,
  cart: [{ sku: "", quantity: 2 ** 40 }],
  tags: [],
  place: [1, -0],
  prefs: { language: "de", since: new Date(86_400_000), nested: { on: true } },
  counts: { "": 1, b: 2.5 },
  choice: { a: "x" },
  mixed: new Date(5),
  middleName: null,
  "odd-name": "",
};

const exampleInProto = {
  user_id: -42,
  name: "名前",
  score: -0.5,
  is_admin: false,
  balance: [0xff, 0x7f],
  last_seen: -1,
  picture: [0, 255],
  theme: "THEME_DARK",
  visits: 0,
  points: [0],
  cart: [{ sku: "", quantity: 2 ** 40 }],
  place: { item_1: 1, item_2: -0 },
  prefs: { language: "de", since: 86_400_000, nested: { on: true } },
  counts: { "": 1, b: 2.5 },
  choice: { members: { members: { a: { text: "x" } } } },
  mixed: { members: { members: { $date: { integer: 5 } } } },
  odd_name: "",
  null_fields: [18],
  empty_fields: [12],
};
