import { Redis } from "ioredis";
import { freePort } from "./free-port.js";
import { startRedisProcess } from "./redis.js";
import type { TestServer } from "./test-server.js";
import { until } from "./until.js";

/** A Redis Cluster of three masters and three replicas. What is done to it as a server is done to all six. */
export interface RedisCluster extends TestServer {
  /** First the masters, then the replica of each, as they were at the start. */
  readonly nodes: readonly TestServer[];
  readonly urls: readonly string[];
  /** The node that is the master of a slot now, by what the others that answer say. */
  masterOf(slot: number): Promise<TestServer>;
}

export interface RedisClusterOptions {
  /** How long a node is silent before the others give it up. */
  readonly nodeTimeoutMilliseconds?: number;
}

const slots = 16_384;
const masters = 3;

/** Starts six nodes and joins them; resolves when all slots are served and all replicas follow. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const nodes = await Promise.all(Array.from({ length: 2 * masters }, () => startNode(options)));
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())));
  const clients = nodes.map(({ port }) => new Redis(port));
  try {
    await join(clients, nodes);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    for (const client of clients) client.disconnect();
  }
  const [first] = nodes;
  if (first === undefined) throw new Error("There is no node.");
  return {
    url: first.url,
    port: first.port,
    get pid() {
      return first.pid;
    },
    nodes,
    urls: nodes.map(({ url }) => url),
    masterOf: (slot) => masterOf(slot, nodes),
    pause: () => nodes.forEach((node) => void node.pause()),
    resume: () => nodes.forEach((node) => void node.resume()),
    kill: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
    restart: async () => void (await Promise.all(nodes.map((node) => node.restart()))),
    stop,
  };
}

async function startNode({ nodeTimeoutMilliseconds = 1000 }: RedisClusterOptions): Promise<TestServer> {
  const busPort = await freePort();
  return startRedisProcess("redis-cluster", () => [], {
    save: "",
    appendonly: "no",
    "cluster-enabled": "yes",
    "cluster-port": String(busPort),
    "cluster-node-timeout": String(nodeTimeoutMilliseconds),
    "cluster-replica-validity-factor": "0",
    "repl-diskless-sync-delay": "0",
  });
}

async function join(clients: readonly Redis[], nodes: readonly TestServer[]): Promise<void> {
  await Promise.all(clients.map((client, index) => client.cluster("SET-CONFIG-EPOCH", index + 1)));
  const [first] = clients;
  await Promise.all(
    nodes.slice(1).map(async ({ port }, index) => {
      const bus = await clients[index + 1]?.config("GET", "cluster-port");
      await first?.call("CLUSTER", "MEET", "127.0.0.1", port, Array.isArray(bus) ? String(bus[1]) : "");
    }),
  );
  const everybody = (counts: readonly number[]): boolean => counts.every((count) => count === clients.length);
  await until(async () => everybody(await knownNodes(clients)), { what: "each node knows all others" });
  await Promise.all(
    clients.slice(0, masters).map((client, index) => {
      const range = [Math.ceil((slots * index) / masters), Math.ceil((slots * (index + 1)) / masters) - 1];
      return client.call("CLUSTER", ["ADDSLOTSRANGE", ...range]);
    }),
  );
  const ids = await Promise.all(clients.map((client) => client.cluster("MYID")));
  await Promise.all(
    clients.slice(masters).map((client, index) => client.cluster("REPLICATE", ids[index] ?? "")),
  );
  await until(() => isHealthy(clients), { what: "all slots are served and all replicas follow" });
}

async function knownNodes(clients: readonly Redis[]): Promise<readonly number[]> {
  const answers = await Promise.all(clients.map((client) => client.cluster("NODES")));
  return answers.map((answer) => String(answer).trim().split("\n").length);
}

async function isHealthy(clients: readonly Redis[]): Promise<boolean> {
  const answers = clients.map(async (client, index) => {
    const isServing = /cluster_state:ok/.test(String(await client.cluster("INFO")));
    return isServing && (index < masters || /master_link_status:up/.test(await client.info("replication")));
  });
  return (await Promise.all(answers)).every((answer) => answer);
}

async function masterOf(slot: number, nodes: readonly TestServer[]): Promise<TestServer> {
  for (const { port } of nodes) {
    const client = new Redis(port, { connectTimeout: 500, commandTimeout: 500, retryStrategy: () => null });
    client.on("error", () => {});
    try {
      const ranges = await client.cluster("SLOTS");
      const found = nodes.find((node) => node.port === portOf(ranges, slot));
      if (found) return found;
    } catch {
      // It is the next one's turn to say.
    } finally {
      client.disconnect();
    }
  }
  throw new Error(`No node says who serves slot ${slot}.`);
}

/** The port of the master in an answer to CLUSTER SLOTS. */
function portOf(ranges: unknown, slot: number): number | undefined {
  if (!Array.isArray(ranges)) return undefined;
  const range: unknown = ranges.find(([first, last]) => first <= slot && slot <= last);
  return Array.isArray(range) && Array.isArray(range[2]) ? Number(range[2][1]) : undefined;
}
