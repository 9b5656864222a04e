import { type EnvReference, resolveText } from "../../env.js";
import { SessionError } from "../../session-error.js";
import { importPeer } from "../peer.js";
import type { OwnClient, RedisClient } from "./client.js";

/** Where Redis is: one of these. */
export interface RedisPlace {
  readonly url?: string | EnvReference | undefined;
  readonly sentinels?: SentinelPlace | undefined;
  readonly cluster?: readonly (string | EnvReference)[] | undefined;
  readonly redis?: RedisClient | undefined;
}

export interface SentinelPlace {
  /** As `host:port`, or a url when they need a password. */
  readonly hosts: readonly (string | EnvReference)[];
  /** Of the master that they watch. */
  readonly name: string;
}

/** A client that is made at its first use, and again at the next one when that failed. */
export interface Connection {
  /** The client, once it can be used; `SessionError` `"unavailable"` when that is not so soon. */
  ready(): Promise<RedisClient>;
  /** Closes what was opened here; later calls reject. */
  close(): Promise<void>;
}

/** How long a call waits for a connection that is being made, in milliseconds. */
const patience = 1500;

export function createConnection(place: RedisPlace): Connection {
  let opening: Promise<OwnClient> | undefined;
  let waiting: Promise<void> | undefined;
  let isClosed = false;

  const open = async (): Promise<OwnClient> => {
    opening ??= openClient(place);
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const ready = async (): Promise<RedisClient> => {
    if (isClosed) throw new SessionError("unavailable", "The Redis backend is closed.");
    if (place.redis !== undefined) return place.redis;
    const client = await open();
    if (client.status === "ready") return client;
    waiting ??= untilReady(client).finally(() => {
      waiting = undefined;
    });
    await waiting;
    return client;
  };

  return {
    ready,
    close: async () => {
      isClosed = true;
      const client = await opening?.catch(() => undefined);
      client?.disconnect();
    },
  };
}

/** Rejects when the connection is not made in time: nothing queues up behind a server that is away. */
function untilReady(client: OwnClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      client.off("ready", finish);
      reject(new SessionError("unavailable", "Redis is not connected; it is tried again all the time."));
    }, patience);
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    client.once("ready", finish);
  });
}

/**
 * No command waits for ever: one that is not answered in time is rejected, and a connection that carries nothing is
 * made anew. A command whose connection broke is sent once more; each of ours does no more the second time.
 */
const lasting = {
  connectTimeout: 2000,
  commandTimeout: 5000,
  socketTimeout: 1500,
  // What waits for a new connection is given up when the second attempt fails. Only calls that were under way wait.
  maxRetriesPerRequest: 1,
  retryStrategy: delayBefore,
  // The master that this was has become a replica: the next connection leads to the new one.
  reconnectOnError: (error: Error): 2 | false => (error.message.startsWith("READONLY") ? 2 : false),
} as const;

async function openClient({ url, sentinels, cluster }: RedisPlace): Promise<OwnClient> {
  const { Redis, Cluster } = await importPeer({
    name: "ioredis",
    option: "redis()",
    load: () => import("ioredis"),
  });
  const client = ((): OwnClient => {
    if (sentinels !== undefined) return new Redis({ ...lasting, ...toSentinelOptions(sentinels) });
    if (cluster !== undefined) {
      return new Cluster(
        cluster.map((node) => toAddress(resolveText(node))),
        {
          clusterRetryStrategy: delayBefore,
          enableOfflineQueue: false,
          slotsRefreshTimeout: 500,
          retryDelayOnFailover: 100,
          redisOptions: { ...lasting, ...toLogin(cluster) },
        },
      );
    }
    const text = resolveText(url ?? "");
    // The driver's own complaint would repeat it, password and all.
    toUrl(text);
    return new Redis(text, lasting);
  })();
  // Without a listener, ioredis prints every error, and some of a cluster's would end the process.
  client.on("error", () => {});
  return client;
}

/** Longer each time, and never the same for two processes; short enough to notice within a second that Redis is back. */
function delayBefore(attempt: number): number {
  return Math.min(50 * 2 ** (attempt - 1), 800) * (0.5 + Math.random() / 2);
}

function toSentinelOptions({ hosts, name }: SentinelPlace) {
  const resolved = hosts.map((host) => toAddress(resolveText(host)));
  const login = toLogin(hosts);
  return {
    sentinels: resolved,
    name,
    sentinelRetryStrategy: delayBefore,
    sentinelCommandTimeout: 2000,
    failoverDetector: true,
    ...(login.password !== undefined && { sentinelPassword: login.password }),
    ...login,
  };
}

function toAddress(text: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = toUrl(text);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 6379 : Number(port) };
}

/** User, password and encryption, as the first address says: they are the same for all. */
function toLogin([first]: readonly (string | EnvReference)[]): {
  readonly username?: string;
  readonly password?: string;
  readonly tls?: object;
} {
  const { username, password, protocol } = toUrl(resolveText(first ?? ""));
  return {
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" && { tls: {} }),
  };
}

function toUrl(text: string): URL {
  try {
    return new URL(text.includes("://") ? text : `redis://${text}`);
  } catch {
    throw new SessionError("config", "An address of Redis is neither a url nor host:port.");
  }
}
