import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import session from "express-session";
import { exampleData, openExample } from "../http/example.js";
import { inBatches } from "../in-batches.js";
import { sessionData } from "./express-stores.js";

/** What sessions take of the memory of their process, of the heap and of buffers outside it: bytes for each. */
export interface HeldMemory {
  readonly filled: number;
  /** The same when each has been loaded once. */
  readonly loaded: number;
}

interface Holder {
  /** Keeps one more session; its key of `keyLength` characters. */
  add(): Promise<string>;
  load(key: string): Promise<unknown>;
}

const keyLength = 43;

const holders: Readonly<Record<string, () => Promise<Holder>>> = {
  "ours, memory": () => ours("protobuf"),
  "ours, memory, JSON": () => ours("json"),
  "express-session's memory store": async () => {
    const store = new session.MemoryStore();
    return {
      async add() {
        const id = randomBytes(32).toString("base64url");
        await new Promise((resolve) => store.set(id, sessionData(), resolve));
        return id;
      },
      load: (id) => new Promise((resolve) => store.get(id, resolve)),
    };
  },
};

const [, , name = "", countText = ""] = process.argv;
const open = holders[name];
const collect = globalThis.gc;
if (open === undefined || collect === undefined) throw new Error(`No ${name}, or no --expose-gc.`);
const count = Number(countText);
/** Outside of what is measured. */
const keys = Buffer.alloc(count * keyLength);
const keyAt = (index: number): string => keys.toString("latin1", index * keyLength, (index + 1) * keyLength);

// What is compiled and kept at the first sessions is no session's.
const first = await open();
await inBatches(2000, async () => first.load(await first.add()));
const holder = await open();
const before = await used();
await inBatches(count, async (index) => keys.write(await holder.add(), index * keyLength, "latin1"));
const filled = await used();
await inBatches(count, (index) => holder.load(keyAt(index)));
const loaded = await used();
process.send?.({
  filled: (filled - before) / count,
  loaded: (loaded - before) / count,
} satisfies HeldMemory);
process.disconnect();
// It is not let go of before it was measured.
await holder.load(keyAt(0));

async function ours(codec: "protobuf" | "json"): Promise<Holder> {
  const { sessions } = await openExample(createMemoryBackend({ maxSessions: 1_000_000 }), {
    codec,
    count: 0,
  });
  return { add: () => sessions.create(exampleData()).ensureKey(), load: (key) => sessions.load(key) };
}

async function used(): Promise<number> {
  // What a callback or a weak reference still held is free only afterwards.
  for (let round = 0; round < 4; round += 1) {
    collect?.();
    await pause(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
