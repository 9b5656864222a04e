import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import type { Listening, Mode } from "./fastify-server.js";
import { sendLoad } from "./load.js";

/**
 * The processor time that a session which is read costs a Fastify handler on memory: ours, and one of
 * @fastify/session, as ratios to the same handler without sessions. The three are measured in turn.
 */
const rounds = 9;
const requests = 8000;
const connections = 32;

interface Server extends Listening {
  readonly mode: Mode;
  readonly process: ChildProcess;
}

interface Setting {
  readonly name: string;
  /** A second. */
  readonly rate: number;
  readonly sessions: number;
}

const settings: readonly Setting[] = [
  { name: "8,000 a second, 1 session", rate: 8000, sessions: 1 },
  { name: "8,000 a second, 1,000 sessions", rate: 8000, sessions: 1000 },
  { name: "full load, 1 session", rate: Number.POSITIVE_INFINITY, sessions: 1 },
  { name: "full load, 1,000 sessions", rate: Number.POSITIVE_INFINITY, sessions: 1000 },
];

const [plain, ours, plugin] = await Promise.all([start("plain"), start("ours"), start("plug-in")]);
console.log(
  `Node ${process.version}, ${cpus().length} cores; medians of ${rounds} rounds of ${requests} requests`,
);
for (const setting of settings) await compare(setting);
for (const server of [plain, ours, plugin]) server.process.kill();

async function compare(setting: Setting): Promise<void> {
  const servers = [plain, ours, plugin];
  const times = new Map<Server, number[]>(servers.map((server) => [server, []]));
  for (let round = -1; round < rounds; round += 1) {
    servers.push(...servers.splice(0, 1));
    for (const server of servers) {
      const time = await measure(server, setting);
      // The first one only warms up.
      if (round >= 0) times.get(server)?.push(time);
    }
  }
  const timesOf = (server: Server): readonly number[] => times.get(server) ?? [];
  const bare = timesOf(plain);
  const describe = (server: Server): string => {
    const ratios = timesOf(server).map((time, round) => time / (bare[round] ?? Number.NaN));
    return `${server.mode} ${middle(ratios).toFixed(2)} (${middle(timesOf(server)).toFixed(1)} µs; ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
  };
  const load = `machine load ${loadavg()[0]?.toFixed(1)}`;
  console.log(
    `${setting.name}: without ${middle(bare).toFixed(1)} µs, ${describe(ours)}, ${describe(plugin)}; ${load}`,
  );
}

/** Microseconds of user and system time a request. */
async function measure(server: Server, { rate, sessions }: Setting): Promise<number> {
  const { port } = server;
  // The handler without sessions gets the same headers.
  const cookies = (server === plain ? ours : server).cookies.slice(0, sessions);
  const before = await usage(server);
  await sendLoad({ port, cookies, connections, rate, requests });
  return ((await usage(server)) - before) / requests;
}

async function usage(server: Server): Promise<number> {
  server.process.send("usage");
  const [{ user, system }] = (await once(server.process, "message")) as [NodeJS.CpuUsage];
  return user + system;
}

async function start(mode: Mode): Promise<Server> {
  const server = fork(fileURLToPath(new URL("./fastify-server.ts", import.meta.url)), [mode], {
    env: { ...process.env, NODE_ENV: "production" },
  });
  const [listening] = (await once(server, "message")) as [Listening];
  const { port, cookies } = listening;
  const answer = await fetch(`http://127.0.0.1:${port}`, { headers: { cookie: cookies[500] ?? "" } });
  const body = await answer.text();
  if (body !== '{"userId":"user-500"}') throw new Error(`The server ${mode} answers wrongly: ${body}`);
  return { ...listening, mode, process: server };
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN;
}
