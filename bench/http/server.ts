import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Redis } from "ioredis";
import { endProfile, startProfile } from "../profiler.js";
import { cookieModes } from "./cookie-modes.js";
import { expressModes } from "./express-modes.js";
import { fastifyModes } from "./fastify-modes.js";
import type { Mode } from "./mode.js";

/** What the server tells its parent once it listens. */
export interface Listening {
  readonly port: number;
  /** One for each session. */
  readonly cookies: string[];
}

const modes = { ...fastifyModes, ...cookieModes, ...expressModes };

/** The name of a way to build the app. */
export type ModeName = keyof typeof modes;

const [, , name = "", url = "", count = "1000"] = process.argv;
const mode: Mode | undefined = Object.hasOwn(modes, name) ? modes[name as ModeName] : undefined;
if (mode === undefined) throw new Error(`There is no mode ${name}.`);
process.once("disconnect", () => process.exit());
let redis: Redis | undefined;
const { listener, cookies } = await mode({
  url,
  count: Number(count),
  get redis() {
    redis ??= new Redis(url);
    return redis;
  },
});
const server = createServer(listener).listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
process.on("message", (question) => void answer(question).then((told) => process.send?.(told)));
process.send?.({
  port: typeof address === "object" ? (address?.port ?? 0) : 0,
  cookies: [...cookies],
} satisfies Listening);

async function answer(question: unknown): Promise<unknown> {
  if (question === "collect") return collect();
  if (question === "profile") return startProfile().then(() => "profiling");
  if (question === "profiled") return endProfile();
  return process.cpuUsage();
}

/**
 * Collects all garbage while no request is served, as in the pauses of a long life: see docs/decisions/0043. Several times,
 * since V8 keeps a hidden class that nothing has for some collections more.
 */
async function collect(): Promise<string> {
  setFlagsFromString("--expose-gc");
  const collectNow: () => void = runInNewContext("gc");
  for (let time = 0; time < 6; time += 1) {
    await pause(50);
    collectNow();
  }
  return "collected";
}
