import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { startRedis, startRedisProcess } from "./redis.js";
import type { TestServer } from "./test-server.js";
import { until } from "./until.js";

/** A master with two replicas, watched by three sentinels. What is done to it as a server is done to the three that hold data. */
export interface RedisSentinel extends TestServer {
  /** The name of the master, for its clients. */
  readonly name: string;
  /** Where the sentinels are, as `host:port`. */
  readonly hosts: readonly string[];
  /** First the master, then the replicas, as they were at the start. */
  readonly nodes: readonly TestServer[];
  readonly sentinels: readonly TestServer[];
  /** The node that the sentinels take for the master now. */
  master(): Promise<TestServer>;
}

const name = "sessions";

/** Starts the six; resolves when the replicas have what the master has and each sentinel knows all of them. */
export async function startSentinel(): Promise<RedisSentinel> {
  const master = await startRedis();
  const follow = { settings: { replicaof: `127.0.0.1 ${master.port}`, "repl-diskless-sync-delay": "0" } };
  const replicas = await Promise.all([startRedis(follow), startRedis(follow)]);
  const nodes = [master, ...replicas];
  const sentinels = await Promise.all([1, 2, 3].map(() => startOneSentinel(master.port)));
  const stop = async (): Promise<void> =>
    void (await Promise.all([...sentinels, ...nodes].map((server) => server.stop())));
  try {
    await until(() => areFollowing(replicas), { what: "both replicas follow the master" });
    await until(async () => (await whatTheyKnow(sentinels)).every((count) => count === 2), {
      what: "each sentinel knows both replicas and both other sentinels",
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: master.url,
    port: master.port,
    get pid() {
      return master.pid;
    },
    name,
    hosts: sentinels.map(({ port }) => `127.0.0.1:${port}`),
    nodes,
    sentinels,
    master: () => masterNow(sentinels, nodes),
    pause: () => nodes.forEach((node) => void node.pause()),
    resume: () => nodes.forEach((node) => void node.resume()),
    kill: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
    restart: async () => void (await Promise.all(nodes.map((node) => node.restart()))),
    stop,
  };
}

function startOneSentinel(masterPort: number): Promise<TestServer> {
  const settings = [
    `sentinel monitor ${name} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${name} 1000`,
    `sentinel failover-timeout ${name} 3000`,
  ];
  return startRedisProcess(
    "redis-sentinel",
    (folder) => [join(folder, "sentinel.conf"), "--sentinel"],
    {},
    (folder) => writeFile(join(folder, "sentinel.conf"), `${settings.join("\n")}\n`),
  );
}

async function areFollowing(replicas: readonly TestServer[]): Promise<boolean> {
  const answers = replicas.map(({ port }) => asking(port, (client) => client.info("replication")));
  return (await Promise.all(answers)).every((answer) => /master_link_status:up/.test(answer));
}

/** How many replicas and how many other sentinels that answer each sentinel knows. */
async function whatTheyKnow(sentinels: readonly TestServer[]): Promise<readonly number[]> {
  const answers = sentinels.map(({ port }) =>
    asking(port, async (client) => {
      const told = await Promise.all([
        client.call("SENTINEL", "replicas", name),
        client.call("SENTINEL", "sentinels", name),
      ]);
      return told.map((list) => (Array.isArray(list) ? list.filter(isConnected).length : 0));
    }),
  );
  return (await Promise.all(answers)).flat();
}

/** An entry is a flat list of names and values. */
function isConnected(entry: unknown): boolean {
  if (!Array.isArray(entry)) return false;
  const flags = String(entry[entry.indexOf("flags") + 1]);
  return !/down|disconnected/.test(flags);
}

async function masterNow(
  sentinels: readonly TestServer[],
  nodes: readonly TestServer[],
): Promise<TestServer> {
  for (const { port } of sentinels) {
    const address = await asking(port, (client) =>
      client.call("SENTINEL", "get-master-addr-by-name", name),
    ).catch(() => null);
    const found = nodes.find((node) => Array.isArray(address) && node.port === Number(address[1]));
    if (found) return found;
  }
  throw new Error("No sentinel says who the master is.");
}

async function asking<T>(port: number, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(port, { commandTimeout: 500, retryStrategy: () => null });
  client.on("error", () => {});
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}
