import { type EnvReference, resolveText } from "../../platform/env.js";
import { SessionError } from "../../platform/errors.js";
import { importPeer } from "../../platform/peer.js";
import { toAddress, toDatabase, toLogin, toServer } from "./address.js";
import { createChangeOver } from "./change-over.js";
import type { OwnClient, RedisClient } from "./client.js";
import { toWord } from "./commands.js";

/** Where Redis is: one of these. */
export interface RedisPlace {
  readonly url?: string | EnvReference | undefined;
  readonly sentinels?: SentinelPlace | undefined;
  readonly cluster?: readonly (string | EnvReference)[] | undefined;
  readonly redis?: RedisClient | undefined;
}

/** Sentinels, and which master of theirs it is. */
export interface SentinelPlace {
  /** As `host:port`, or a url when they need a password. */
  readonly hosts: readonly (string | EnvReference)[];
  /** Of the master that they watch. */
  readonly name: string | EnvReference;
}

/** A client that is made at its first use, and again at the next one when that failed. */
export interface Connection {
  /** The client, once it can be used; `SessionError` `"unavailable"` when that is not so soon. */
  ready(): Promise<RedisClient>;
  /** The client, if it can be used now. */
  atHand(): RedisClient | undefined;
  /** Closes what was opened here; later calls reject. */
  close(): Promise<void>;
}

/** How long a call waits for a connection that is being made, in milliseconds. */
const patience = 1500;

/** A connection that nothing has been done for yet. */
export function createConnection(place: RedisPlace): Connection {
  let opening: Promise<Opened> | undefined;
  let last: Opened | undefined;
  let waiting: Promise<void> | undefined;
  let isClosed = false;

  const open = async (): Promise<Opened> => {
    // ioredis gives up without a word when it hears of another master just while it asks who it is.
    if (last?.client.status === "end") {
      opening = undefined;
      last = undefined;
    }
    opening ??= openClient(place);
    try {
      last = await opening;
      return last;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const ready = async (): Promise<RedisClient> => {
    if (isClosed) throw new SessionError("unavailable", "The Redis backend is closed.");
    if (place.redis !== undefined) return place.redis;
    const { client, troubles } = await open();
    if (client.status !== "ready") {
      waiting ??= untilReady(client, troubles).finally(() => {
        waiting = undefined;
      });
      await waiting;
    }
    // Without its database it would go on with the first one.
    if (troubles.isDatabaseRefused) throw new SessionError("config", noDatabase);
    return client;
  };

  const atHand = (): RedisClient | undefined => {
    if (isClosed) return undefined;
    const isUsable = last?.client.status === "ready" && !last.troubles.isDatabaseRefused;
    return isUsable ? last?.client : place.redis;
  };

  return {
    ready,
    atHand,
    close: async () => {
      isClosed = true;
      const opened = await opening?.catch(() => undefined);
      opened?.client.disconnect();
    },
  };
}

interface Opened {
  readonly client: OwnClient;
  readonly troubles: Troubles;
}

/** What has gone wrong with a connection, of which ioredis only tells its listeners. */
interface Troubles {
  /** The last one, by its code alone. */
  last: string | undefined;
  /** Whether this connection was refused the database that its url names. */
  isDatabaseRefused: boolean;
}

const noDatabase =
  "Redis refuses the database that its url names after the host: too high a number, or not for this user.";

/** Rejects when the connection is not made in time, or given up: nothing queues up behind a server that is away. */
function untilReady(client: OwnClient, troubles: Troubles): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      client.off("ready", finish);
      client.off("end", giveUp);
    };
    const giveUp = (): void => {
      leave();
      const why = troubles.last === undefined ? "" : ` (${troubles.last})`;
      reject(
        new SessionError("unavailable", `Redis is not connected${why}; it is tried again all the time.`),
      );
    };
    const finish = (): void => {
      leave();
      resolve();
    };
    const timer = setTimeout(giveUp, patience);
    client.once("ready", finish);
    client.once("end", giveUp);
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
  // One that starts is asked again so soon whether it has read its data. It tells when, but may be far off.
  maxLoadingRetryTime: 800,
  retryStrategy: delayBefore,
} as const;

async function openClient({ url, sentinels, cluster }: RedisPlace): Promise<Opened> {
  const { Redis, Cluster } = await importPeer({
    name: "ioredis",
    option: "redis()",
    load: () => import("ioredis"),
  });
  const common = { ...lasting, reconnectOnError: createChangeOver() };
  const client = ((): OwnClient => {
    if (sentinels !== undefined) return new Redis({ ...common, ...toSentinelOptions(sentinels) });
    if (cluster !== undefined) {
      if (toDatabase(cluster)) throw new SessionError("config", "A Redis Cluster has only the database 0.");
      return new Cluster(
        cluster.map((node) => toAddress(node, 6379)),
        {
          clusterRetryStrategy: delayBefore,
          enableOfflineQueue: false,
          slotsRefreshTimeout: 500,
          retryDelayOnFailover: 100,
          redisOptions: { ...common, ...toLogin(cluster) },
        },
      );
    }
    return new Redis(toServer(url ?? ""), common);
  })();
  return { client, troubles: listen(client) };
}

/** Without a listener, ioredis prints every error, and some of a cluster's would end the process. */
function listen(client: OwnClient): Troubles {
  const troubles: Troubles = { last: undefined, isDatabaseRefused: false };
  client.on("connect", () => {
    troubles.isDatabaseRefused = false;
    // Of each command that hears of a replica, ioredis adds a listener, of which Node would warn as of a leak.
    client.stream?.setMaxListeners(0);
  });
  client.on("error", (error) => {
    troubles.last = reasonOf(error);
    if (isOfSelect(error)) troubles.isDatabaseRefused = true;
  });
  return troubles;
}

/** Of a cluster, why its last node could not be used. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("lastNodeError" in error && error.lastNodeError instanceof Error) return reasonOf(error.lastNodeError);
  if (error.message.includes("cluster support disabled")) return "it is no cluster";
  return error.message.startsWith("All sentinels") ? "no Sentinel says where the master is" : toWord(error);
}

/** An answer to the command by which ioredis goes to the database of a new connection. */
function isOfSelect(error: unknown): boolean {
  if (!(error instanceof Error) || !("command" in error)) return false;
  const { command } = error;
  return typeof command === "object" && command !== null && "name" in command && command.name === "select";
}

/** Longer each time, and never the same for two processes; short enough to notice within a second that Redis is back. */
function delayBefore(attempt: number): number {
  return Math.min(50 * 2 ** (attempt - 1), 800) * (0.5 + Math.random() / 2);
}

function toSentinelOptions({ hosts, name }: SentinelPlace) {
  const login = toLogin(hosts);
  const database = toDatabase(hosts);
  return {
    sentinels: hosts.map((host) => toAddress(host, 26_379)),
    name: resolveText(name),
    sentinelRetryStrategy: delayBefore,
    sentinelCommandTimeout: 2000,
    failoverDetector: true,
    ...(login.password !== undefined && { sentinelPassword: login.password }),
    // Without these two, ioredis would talk to the master without encryption.
    ...(login.tls && { enableTLSForSentinelMode: true, sentinelTLS: login.tls }),
    ...login,
    ...(database !== undefined && { db: database }),
  };
}
