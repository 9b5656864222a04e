import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { expect, inject, test } from "vitest";
import { root } from "../../house/source-files.js";
import { worstInputs, worstScripts } from "../../suites/worst-generated.js";

/**
 * Bytes within the limit of size that ask for as much memory and time as they can: empty containers, short names,
 * small numbers, deep levels, long numbers. Runs plain JavaScript, in a thread whose heap is all there is.
 */
const work = `
const { parentPort, workerData } = require("node:worker_threads");
const { runInThisContext } = require("node:vm");
const size = 4 * 1024 * 1024;
const inJson = (value) => Buffer.from('{"meta":{"writes":""},"fields":{"a":' + value + "}}");
const many = (value) => inJson("[" + (value + ",").repeat((size - 64) / (value.length + 1)) + value + "]");
const filled = (head, byte) => Buffer.concat([Buffer.from(head), Buffer.alloc(size - 64, byte)]);
const named = (before, name, after, length) => {
  const bytes = Buffer.alloc(size - 64);
  let end = bytes.write(before, 0, "latin1");
  for (let at = 0; end < bytes.length - 32; at += 1)
    end += bytes.write(name + at.toString(36).padStart(4, "0") + after, end, "latin1");
  return bytes.subarray(0, end + length);
};
const count = [0, 63, 255, 192];
const inputs = {
  json: [
    () => many("[]"),
    () => many("{}"),
    () => many("0"),
    () => inJson("[".repeat(size / 2 - 40) + "]".repeat(size / 2 - 40)),
    () => named('{"meta":{"writes":""},"fields":{"a":0', ',"', '":0', 0),
    () => inJson("1".repeat(size - 60)),
  ],
  msgpack: [
    ...[0x90, 0x80, 0x01, 0xa0].map((byte) => () => filled([0xdd, ...count], byte)),
    ...[0x91, 0xdd].map((byte) => () => Buffer.alloc(size, byte)),
    () => named("\xdf\0\x08\0\0", "\xa4", "\0", 0),
  ],
  cbor: [
    ...[0x80, 0xa0, 0x01, 0x60].map((byte) => () => filled([0x9a, ...count], byte)),
    ...[0x81, 0x9a, 0xc2].map((byte) => () => Buffer.alloc(size, byte)),
    () => named("\xba\0\x08\0\0", "\x64", "\0", 0),
    () => filled([0xc2, 0x5a, ...count], 0xff),
  ],
};
${worstInputs}
const generatedCodec = async (name) => {
  const library = await import(folder + "codecs/" + name + ".js");
  const modules = { "./shape.js": { shape: {} }, "./validate.js": { explain: () => [] } };
  const exported = {};
  runInThisContext(workerData[name])(exported, (specifier) => modules[specifier] ?? library);
  return exported.codec;
};
(async () => {
  const { createRecordFormat } = await import(folder + "record/record-format.js");
  const results = [];
  for (const [name, all] of Object.entries({ ...inputs, ...ofGenerated })) {
    const codec =
      name in ofGenerated
        ? await generatedCodec(name)
        : (await import(folder + "codecs/" + name + ".js"))[name + "Codec"]({});
    const format = createRecordFormat({ kind: "session", shapeHash: "present", codec });
    await format.ready();
    const { header } = format.encode({ meta: { writes: "" }, fields: {} }, "id");
    for (const [at, make] of all.entries()) {
      const data = make();
      const start = performance.now();
      let outcome = "read";
      try {
        format.decode({ id: "id", header, data });
      } catch (error) {
        outcome = error.name;
      }
      results.push({ input: name + " " + at, bytes: data.length, outcome, milliseconds: performance.now() - start });
    }
  }
  parentPort.postMessage(results);
})();
`;

interface Result {
  readonly input: string;
  readonly bytes: number;
  readonly outcome: string;
  readonly milliseconds: number;
}

test("four megabytes of the worst kind are refused, in little time and 64 MiB", async () => {
  const folder = `${pathToFileURL(await bundleRecords()).href}/`;
  const worker = new Worker(`const folder = ${JSON.stringify(folder)};${work}`, {
    eval: true,
    workerData: worstScripts,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
  });
  const results = await new Promise<readonly Result[]>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  await worker.terminate();
  expect(results.length).toBe(42);
  for (const { input, bytes, outcome, milliseconds } of results) {
    expect(bytes, input).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(outcome, input).toBe("UnreadableRecord");
    expect(milliseconds, input).toBeLessThan(5000);
  }
});

/** The format of records and each codec, which share what they need; the folder goes with the test run. */
async function bundleRecords(): Promise<string> {
  const outdir = join(inject("processFolder"), "records");
  const codecs = ["json", "msgpack", "cbor", "bincode", "protobuf"].map((name) => `codecs/${name}`);
  await build({
    entryPoints: ["record/record-format", ...codecs].map((path) => join(root, "runtime", `${path}.ts`)),
    outbase: join(root, "runtime"),
    ...{ outdir, bundle: true, splitting: true, format: "esm", platform: "node", packages: "external" },
  });
  return outdir;
}
