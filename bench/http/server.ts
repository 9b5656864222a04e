import { once } from "node:events";
import { createServer } from "node:http";
import { Redis } from "ioredis";
import { cookieModes } from "./cookie-modes.js";
import { expressModes } from "./express-modes.js";
import { fastifyModes } from "./fastify-modes.js";
import type { Mode } from "./mode.js";

/** What the server tells its parent once it listens. */
export interface Listening {
  readonly port: number;
  /** One for each session. */
  readonly cookies: readonly string[];
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
process.on("message", () => process.send?.(process.cpuUsage()));
process.send?.({
  port: typeof address === "object" ? (address?.port ?? 0) : 0,
  cookies,
} satisfies Listening);
