import { Agent, request } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { cookieHeader } from "../../runtime/fixture/open.js";
import { isNightly } from "./scale.js";

/** How long a client waits between two requests. */
const thinkMilliseconds = isNightly ? 5 : 15;

/** One request; times by `performance.now()`. */
export interface Sample {
  readonly client: number;
  readonly start: number;
  readonly end: number;
  readonly status: number;
  readonly body: string;
}

/** Clients that send one request after the other, each with its own session, until they are stopped. */
export interface Load {
  readonly samples: readonly Sample[];
  /** How long this process was busy with something else at most, in milliseconds: no answer can be seen in that time. */
  longestLag(): number;
  stop(): Promise<void>;
}

export function startLoad(url: string, keys: readonly string[]): Load {
  const samples: Sample[] = [];
  const agent = new Agent({ keepAlive: true });
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  let isOver = false;
  const run = async (key: string, client: number): Promise<void> => {
    while (!isOver) {
      const start = performance.now();
      const { status, body } = await get(url, key, agent);
      samples.push({ client, start, end: performance.now(), status, body });
      await pause(thinkMilliseconds);
    }
  };
  const running = Promise.all(keys.map(run));
  return {
    samples,
    longestLag: () => lag.max / 1e6,
    stop: async () => {
      isOver = true;
      await running;
      lag.disable();
      agent.destroy();
    },
  };
}

/** By node:http, which adds less of its own than `fetch`. */
function get(
  url: string,
  key: string,
  agent: Agent,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { cookie: cookieHeader(key) } }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", reject);
    });
    sent.on("error", reject).end();
  });
}
