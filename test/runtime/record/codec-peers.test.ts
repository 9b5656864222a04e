import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { cborCodec } from "../../../runtime/codecs/cbor.js";
import { msgpackCodec } from "../../../runtime/codecs/msgpack.js";
import { recordLimits } from "../../../runtime/record/limits.js";
import { openKind } from "./stored-bytes.js";

afterEach(() => {
  vi.doUnmock("cbor-x");
  vi.doUnmock("msgpackr");
});

describe.each([
  ["cbor", "cbor-x", cborCodec],
  ["msgpack", "msgpackr", msgpackCodec],
] as const)("%s", (name, peer, makeCodec) => {
  test("a missing package is one line, from ready() and from the first use", async () => {
    vi.doMock(peer, () => {
      throw Object.assign(new Error(`Cannot find package '${peer}'`), { code: "ERR_MODULE_NOT_FOUND" });
    });
    const line = new RegExp(`^The package ${peer} .*; codec: "${name}" needs it: npm install ${peer}$`);
    const { sessions } = openKind({ codec: makeCodec({}) });
    const refusal = { code: "config", message: expect.stringMatching(line) };
    await expect(sessions.ready()).rejects.toMatchObject(refusal);
    await expect(sessions.create({ userId: 1 }).save()).rejects.toMatchObject(refusal);
    await expect(sessions.load("a".repeat(43))).rejects.toMatchObject(refusal);
  });

  test("one that only former records need is not asked for, until there is such a record", async () => {
    const { sessions } = openKind({ formerCodecs: [makeCodec({})] });
    const session = sessions.create({ userId: 1 });
    await session.save();
    expect((await sessions.load(session.key ?? ""))?.userId).toBe(1);
  });

  test("used before it was loaded, it says what to await", () => {
    const codec = makeCodec({});
    expect(() => codec.encode({ meta: { writes: "" }, fields: {} })).toThrow("ready()");
    expect(() => codec.decode(new Uint8Array(), recordLimits)).toThrow();
  });
});

test.each(["Bun", "Deno"])(
  "on %s, which crashes in the compiled part of cbor-x, CBOR does without",
  async (name) => {
    vi.stubGlobal(name, {});
    vi.doMock("cbor-x", () => {
      throw new Error("the compiled part");
    });
    const { sessions } = openKind({ codec: cborCodec({}) });
    await sessions.ready();
    vi.unstubAllGlobals();
  },
);

test("both work where no code may be made of strings", () => {
  const script = `
    const folder = ${JSON.stringify(new URL("../../../runtime/dist/codecs/", import.meta.url).href)};
    for (const name of ["msgpack", "cbor"]) {
      const codec = (await import(folder + name + ".js"))[name + "Codec"]({});
      await codec.peer.load();
      const fields = { list: [{ a: 1, b: "x" }, { a: 2, b: "y" }, { a: 3, b: "z" }] };
      const limits = { maxBytes: 1000, maxDepth: 10, maxValues: 100 };
      const read = codec.decode(codec.encode({ meta: { writes: "" }, fields }), limits);
      console.log(name, JSON.stringify(read.fields) === JSON.stringify(fields));
    }`;
  const flags = ["--disallow-code-generation-from-strings", "--input-type=module", "--eval", script];
  expect(execFileSync(process.execPath, flags, { encoding: "utf8", timeout: 60_000 })).toBe(
    "msgpack true\ncbor true\n",
  );
});
