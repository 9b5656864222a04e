import { ask } from "./ask.js";
import { programOf } from "./installed.js";
import { startServer } from "./start-server.js";
import type { TestServer } from "./test-server.js";

export interface RedisServerOptions {
  /** Writes are on disk before they are acknowledged (`appendfsync always`). Without it nothing is kept over a restart. */
  readonly durable?: boolean;
  /** More settings of redis.conf, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Redis of one node. */
export function startRedis(options: RedisServerOptions = {}): Promise<TestServer> {
  const { durable = false, settings = {} } = options;
  const persistence = { save: "", appendonly: durable ? "yes" : "no", appendfsync: "always" };
  return startRedisProcess("redis", () => [], { ...persistence, ...settings });
}

/** A server process of Redis, with arguments before its settings. */
export function startRedisProcess(
  name: string,
  firstArgs: (folder: string, port: number) => readonly string[],
  settings: Readonly<Record<string, string>>,
  prepare?: (folder: string, port: number) => Promise<unknown>,
): Promise<TestServer> {
  const own = Object.entries({ bind: "127.0.0.1", ...settings }).flatMap(([key, value]) => [
    `--${key}`,
    value,
  ]);
  return startServer({
    name,
    command: programOf("redis"),
    args: (port, folder) => [...firstArgs(folder, port), "--port", String(port), "--dir", folder, ...own],
    url: (port) => `redis://127.0.0.1:${port}`,
    ask: (port) => ask(port, "PING", "+PONG"),
    ...(prepare && { prepare }),
  });
}
