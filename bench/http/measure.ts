import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sendLoad } from "../load.js";
import type { Listening, ModeName } from "./server.js";

/** A server of one mode, in a process of its own. */
export interface Measured extends Listening {
  readonly mode: ModeName;
  readonly process: ChildProcess;
}

/** What one run of requests cost a server. */
export interface Cost {
  /** Microseconds of user and system time for a request. */
  readonly microseconds: number;
  /** Requests a second. */
  readonly throughput: number;
}

/** Starts a server, with so many sessions in this Redis. */
export async function startMeasured(mode: ModeName, redisUrl: string, count: number): Promise<Measured> {
  const script = fileURLToPath(new URL("./server.ts", import.meta.url));
  const server = fork(script, [mode, redisUrl, String(count)], {
    env: { ...process.env, NODE_ENV: "production" },
  });
  const [listening] = (await once(server, "message")) as [Listening];
  return { ...listening, mode, process: server };
}

/** Sends so many requests to a path, as fast as they are answered. */
export async function cost(server: Measured, path: string, requests: number): Promise<Cost> {
  const { port, cookies } = server;
  const before = await usage(server);
  const start = performance.now();
  await sendLoad({ port, path, cookies, connections: 32, rate: Number.POSITIVE_INFINITY, requests });
  const seconds = (performance.now() - start) / 1000;
  const used = (await usage(server)) - before;
  return { microseconds: used / requests, throughput: requests / seconds };
}

async function usage(server: Measured): Promise<number> {
  server.process.send("usage");
  const [{ user, system }] = (await once(server.process, "message")) as [NodeJS.CpuUsage];
  return user + system;
}
