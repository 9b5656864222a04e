import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Encoder as CborEncoder } from "cbor-x";
import { Packr } from "msgpackr";
import protobufjs from "protobufjs";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { z } from "zod";
import * as bincode from "../test/golden/generated/bincode-example/expected/generated/codec.js";
import type { SessionData as BincodeData } from "../test/golden/generated/bincode-example/expected/generated/session.js";
import { validate as isBincodeData } from "../test/golden/generated/bincode-example/expected/generated/validate.js";
import { decode, encode } from "./example/generated/codec.js";
import { createSessions, type SessionData, validate } from "./example/generated/index.js";
import { shape } from "./example/session.schema.js";

/**
 * What a session of twelve fields costs in bytes and processor time, each codec as a ratio to JSON, which is measured
 * in turn with it. Each has a process of its own, as in an app: in one with several, what they share is compiled for
 * all of them. Ours validates what it reads and writes; the others do not.
 */
const rounds = 25;
const repetitions = 4000;

const plain = JSON.parse(readFileSync(new URL("./example/session.json", import.meta.url), "utf8"));
const json = JSON.stringify(plain);
const data: SessionData = { ...plain, lastLogin: new Date(plain.lastLogin) };

interface Codec {
  readonly name: string;
  encode(): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

const codecs: readonly Codec[] = [
  { name: "JSON", encode: () => Buffer.from(JSON.stringify(plain)), decode: () => JSON.parse(json) },
  { name: "protobuf, validated", encode: () => encode(data), decode },
  bincodeCodec(),
  withSharedStructures("msgpackr, shared structures", (structures) => new Packr({ structures })),
  withSharedStructures("cbor-x, shared structures", (structures) => new CborEncoder({ structures })),
  withProtobufjs(),
];

const groups = [...codecs.map(({ name }) => name).slice(1), "checks", "sessions"];
const [, , group] = process.argv;
if (group === undefined) {
  console.log(
    `Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; medians of ${rounds} rounds`,
  );
  for (const name of groups) {
    spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), name], {
      stdio: "inherit",
    });
  }
  process.exit();
}

const chosen = codecs.filter(({ name }) => name === "JSON" || name === group);
const checks = group === "checks" ? checksOfOthers() : [];
const sessionTasks = group === "sessions" ? await openStored() : [];

const tasks = new Map<string, () => unknown>([
  ...chosen.flatMap((codec): [string, () => unknown][] => {
    const bytes = Uint8Array.from(codec.encode());
    const buffer = Buffer.from(bytes);
    if (codec.name !== "JSON" && !isDeepStrictEqual(toJson(codec.decode(buffer)), plain)) {
      console.log(`${codec.name} gives something else back`);
    }
    return [
      [`encode ${codec.name}`, () => codec.encode()],
      [`decode ${codec.name}`, () => codec.decode(buffer)],
    ];
  }),
  ...checks.map(([name, check]): [string, () => unknown] => [`check ${name}`, check]),
]);

const times = await measure();
const time = (task: string): number => times.get(task) ?? Number.NaN;
for (const { name, encode: write } of chosen.slice(1)) {
  const size = write().length / json.length;
  console.log(
    `${name.padEnd(28)} size ${size.toFixed(3)}  encode ${ratio(`encode ${name}`, "encode JSON")}  decode ${ratio(`decode ${name}`, "decode JSON")}`,
  );
}
for (const [name] of checks)
  console.log(
    `check ${name.padEnd(22)} ${time(`check ${name}`).toFixed(0)} ns, ${ratio(`check ${name}`, "check zod")} of zod`,
  );
if (group === "sessions") {
  console.log(`sessions.load from memory ${ratio("load", "decode JSON")} of JSON.parse`);
  console.log(`session.save into memory ${ratio("save", "encode JSON")} of JSON.stringify into a Buffer`);
}

function ratio(task: string, reference: string): string {
  return (time(task) / time(reference)).toFixed(2);
}

/** The processor time of each task in nanoseconds. */
async function measure(): Promise<ReadonlyMap<string, number>> {
  const all = new Map<string, number[]>();
  const note = (name: string, start: NodeJS.CpuUsage): void => {
    const { user, system } = process.cpuUsage(start);
    const before = all.get(name) ?? [];
    all.set(name, [...before, ((user + system) * 1000) / repetitions]);
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, task] of tasks) {
      const start = process.cpuUsage();
      for (let count = 0; count < repetitions; count += 1) task();
      note(name, start);
    }
    for (const [name, task] of sessionTasks) {
      const start = process.cpuUsage();
      for (let count = 0; count < repetitions; count += 1) await task();
      note(name, start);
    }
  }
  return new Map([...all].map(([name, list]) => [name, median(list.slice(3))]));
}

function median(list: readonly number[]): number {
  return [...list].sort((left, right) => left - right)[Math.floor(list.length / 2)] ?? Number.NaN;
}

async function openStored(): Promise<readonly (readonly [string, () => Promise<unknown>])[]> {
  const sessions = createSessions();
  const key = await sessions.create(data).ensureKey();
  const session = await sessions.open(key);
  const save = async (): Promise<void> => {
    session.visits += 1;
    await session.save();
  };
  return [
    ["load", async () => sessions.load(key)],
    ["save", save],
  ];
}

/** Of the same session in a schema that names its locales. */
function bincodeCodec(): Codec {
  const read = bincode.decode(bincode.encode(asBincode(data)));
  return {
    name: "bincode, validated",
    encode: () => bincode.encode(read),
    decode: bincode.decode,
  };
}

function asBincode(value: unknown): BincodeData {
  if (!isBincodeData(value)) throw new Error("The example is not of the schema in bincode.");
  return value;
}

function withSharedStructures(
  name: string,
  make: (structures: never[]) => { encode(value: unknown): Uint8Array; decode(bytes: Uint8Array): unknown },
): Codec {
  const codec = make([]);
  codec.encode(plain);
  return { name, encode: () => codec.encode(plain), decode: (bytes) => codec.decode(bytes) };
}

function withProtobufjs(): Codec {
  const proto = readFileSync(new URL("./example/generated/session.proto", import.meta.url), "utf8");
  const type = protobufjs.parse(proto).root.lookupType("session.Session");
  const message = type.decode(encode(data));
  const toObject = { longs: Number, enums: String };
  return {
    name: "protobufjs, session.proto",
    encode: () => type.encode(message).finish(),
    decode: (bytes) => type.toObject(type.decode(bytes), toObject),
  };
}

/** As JSON has it; protobufjs names enum values as `session.proto` does. */
function toJson(value: unknown): unknown {
  const text = JSON.stringify(value, (name, member: unknown) =>
    name === "lastLogin" ? Number(new Date(member as string | number)) : member,
  );
  return JSON.parse(
    text.replaceAll(/"(?:ROLES_ITEM|THEME|LANGUAGE)_(\w+)"/g, (_, word: string) => `"${word.toLowerCase()}"`),
  );
}

function checksOfOthers(): readonly (readonly [string, () => unknown])[] {
  const stored = z.toJSONSchema(shape.extend({ lastLogin: z.int().optional() }));
  const ajv = new Ajv2020({ strict: false, validateFormats: false }).compile(stored);
  const compiled = Compile(Type.Unsafe(stored));
  return [
    ["zod", () => shape.safeParse(data)],
    ["ours", () => validate(data)],
    ["compiled TypeBox", () => compiled.Check(plain)],
    ["plain Ajv", () => ajv(plain)],
  ];
}
