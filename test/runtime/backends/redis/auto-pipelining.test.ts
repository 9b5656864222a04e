import { Redis } from "ioredis";
import { afterAll } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { sharedServer } from "../../../servers/shared-server.js";
import { backendSuite } from "../../../suites/backend.js";
import { everyAbility } from "../../../suites/everything.js";

const client = new Redis(await sharedServer("redis"), { enableAutoPipelining: true, keyPrefix: "app:" });
const backend = createRedisBackend({ redis: client, prefix: `piped-${crypto.randomUUID()}` });
afterAll(() => client.disconnect());

backendSuite("redis, by the app's client that pipelines by itself", () => backend, {
  abilities: everyAbility,
});
