import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createContext } from "../../../runtime/create-context.js";
import type { SessionRecord } from "../../../runtime/index.js";
import { toData } from "../../../runtime/record/copy-data.js";
import { type ReadRecord, readRecord } from "../../../runtime/record/stored-record.js";
import type { SessionContext } from "../../../runtime/session/context.js";
import type { Codec } from "../../../runtime/types/codec.js";
import { expectPlain, type MakeCodec, toWire } from "../../suites/codec.js";
import { loadFixtureModel, sessionData } from "../../suites/codec-fixture.js";
import { toShape } from "../../suites/codec-models.js";
import { createRandom, damagedBytes } from "../../suites/damaged-bytes.js";
import { everyCodec } from "../../suites/every-codec.js";
import found from "../../suites/found-bytes.json" with { type: "json" };
import { Session } from "../fixture/generated/index.js";
import { checkWire, validate } from "../fixture/generated/validate.js";

const cases = process.env["SESSION_TEST_SCALE"] === "nightly" ? 1_000_000 : 10_000;
const seed = Number(process.env["SESSION_FUZZ_SEED"] ?? Date.now() % 2 ** 31);

/** A kind of the fixture's shape in one format, and records of it that are whole. */
interface Target {
  readonly context: SessionContext;
  readonly header: string;
  readonly whole: readonly Uint8Array[];
}

async function createTarget(make: MakeCodec): Promise<Target> {
  const model = await loadFixtureModel();
  const shape = toShape(model);
  const codec: Codec = await make(model, shape);
  const kind = { name: "session", Session, shape, shapeHash: "present", checkWire, codec };
  const context = createContext(kind, { logger: { warn: () => {} } });
  await context.format.ready();
  const samples = fc
    .sample(sessionData, { numRuns: 60, seed })
    .map((data) =>
      context.format.encode({ meta: { writes: "12345678" }, fields: toWire(shape, data) }, "id"),
    );
  return { context, header: samples[0]?.header ?? "", whole: samples.map(({ data }) => data) };
}

function read({ context, header }: Target, data: Uint8Array): ReadRecord {
  const record: SessionRecord = {
    ...{ id: "id", header, data, revision: 1, writeId: "12345678", tenant: null },
    ...{ createdAt: 0, expiresAt: 1, indexed: {} },
  };
  return readRecord(record, context);
}

/** A typed refusal, or data that validates; both without a trace on any prototype. */
function expectTyped(target: Target, result: ReadRecord): void {
  if (result.is === "session") {
    expectPlain(result.stored.fields);
    expect(validate(toData(result.stored.fields, target.context.fields))).toBe(true);
  }
  const polluted: unknown = Reflect.get({}, "polluted");
  // A call of `expect` for each case takes longer than reading its bytes.
  if (Object.keys(Object.prototype).length > 0 || polluted !== undefined) {
    expect([Object.keys(Object.prototype), polluted]).toEqual([[], undefined]);
  }
}

describe.each(everyCodec)("bytes that were %s once", (name, make) => {
  let target: Target;
  beforeAll(async () => {
    target = await createTarget(make);
  });

  test("are refused or valid, whatever befell them", { timeout: 3_600_000 }, () => {
    const random = createRandom(seed);
    for (let at = 0; at < cases; at += 1) {
      const bytes = damagedBytes(target.whole, random);
      try {
        expectTyped(target, read(target, bytes));
      } catch (cause) {
        const base64 = Buffer.from(bytes).toString("base64");
        throw new Error(`case ${at} of seed ${seed}; for found-bytes.json: ${base64}`, { cause });
      }
    }
  });

  test("are read while they are whole", () => {
    for (const bytes of target.whole) expect(read(target, bytes).is).toBe("session");
  });

  test.for(found.filter(({ codec }) => codec === name))("found once: $what", ({ base64 }) => {
    expectTyped(target, read(target, Buffer.from(base64, "base64")));
  });
});
