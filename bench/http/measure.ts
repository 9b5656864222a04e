import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Profiler } from "node:inspector";
import { bundleScript } from "../bundle.js";
import { type Load, sendLoad } from "../load.js";
import { sendByWrk, wrk } from "../wrk.js";
import type { Listening, ModeName } from "./server.js";

/** A server of one mode, in a process of its own. */
export interface Measured extends Listening {
  readonly mode: ModeName;
  readonly process: ChildProcess;
  /** How many requests it has been sent: whose turn it is next. */
  sent: number;
}

/** What one run of requests cost a server. */
export interface Cost {
  /** Microseconds of user and system time for a request. */
  readonly microseconds: number;
  /** Requests a second. */
  readonly throughput: number;
}

let script: string | undefined;

/** Starts a server, with so many sessions kept at this url; of another Node than this process where one is named. */
export async function startMeasured(
  mode: ModeName,
  url: string,
  count: number,
  execPath = process.execPath,
): Promise<Measured> {
  script ??= bundleScript("http/server");
  const server = fork(script, [mode, url, String(count)], {
    env: { ...process.env, NODE_ENV: "production" },
    ...{ execPath, execArgv: [] },
  });
  const [listening] = (await once(server, "message")) as [Listening];
  return { ...listening, mode, process: server, sent: 0 };
}

/** Has a server collect its garbage. */
export async function collect(server: Measured): Promise<void> {
  await ask(server, "collect");
}

async function ask({ process }: Measured, question: string): Promise<unknown> {
  process.send(question);
  const [answer] = await once(process, "message");
  return answer;
}

/** What sends the requests, where cookies stay what they are. */
export const loadGenerator = wrk === undefined ? "bench/load.ts" : "wrk";

/** How requests are sent. */
export interface Sending {
  readonly path: string;
  readonly requests: number;
  /** Whether clients take over the cookies that answers set, which wrk cannot. */
  readonly takesCookies?: boolean;
}

const connections = 32;

/** Sends requests, as fast as they are answered, from the clients whose turn it is. */
export async function cost(
  server: Measured,
  { path, requests, takesCookies = false }: Sending,
): Promise<Cost> {
  const { port, cookies } = server;
  const load = { port, path, cookies, connections, first: server.sent % cookies.length };
  const before = await usage(server);
  const start = performance.now();
  const sent = await send(load, requests, takesCookies ? undefined : wrk);
  server.sent += sent;
  const seconds = (performance.now() - start) / 1000;
  const used = (await usage(server)) - before;
  return { microseconds: used / sent, throughput: sent / seconds };
}

/** How many were sent: wrk counts seconds and not requests, so that a busy machine needs more of them. */
async function send(
  load: Omit<Load, "rate" | "requests">,
  requests: number,
  program: string | undefined,
): Promise<number> {
  if (program === undefined) {
    await sendLoad({ ...load, rate: Number.POSITIVE_INFINITY, requests });
    return requests;
  }
  let sent = 0;
  while (sent < requests) sent += await sendByWrk(program, load, 1);
  return sent;
}

async function usage(server: Measured): Promise<number> {
  const { user, system } = (await ask(server, "usage")) as NodeJS.CpuUsage;
  return user + system;
}

/** What V8's profiler saw of a server of one mode during so many requests, after as many that only warm up. */
export async function profileOf(
  mode: ModeName,
  { url, count, ...sending }: Sending & { readonly url: string; readonly count: number },
): Promise<Profiler.Profile> {
  const server = await startMeasured(mode, url, count);
  await cost(server, sending);
  await collect(server);
  await cost(server, sending);
  await ask(server, "profile");
  await cost(server, sending);
  const profile = (await ask(server, "profiled")) as Profiler.Profile;
  server.process.kill();
  return profile;
}
