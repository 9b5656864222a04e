/**
 * One process of an app that is moving in: `serve-moving.ts old|new URL PREFIX`. The old code keeps its sessions by
 * express-session and connect-redis, the new code keeps ours in the same Redis, and adopts those. Says its address.
 */
import { createServer } from "node:http";
import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import { newApp, oldApp } from "../moving-in.js";
import { openShop } from "../shop-kind.js";

const [code = "", url = "", prefix = ""] = process.argv.slice(2);
const client = createClient({ url });
await client.connect();
const store = new RedisStore({ client, prefix: `${prefix}old:` });
const sessions = openShop(createRedisBackend({ url, prefix: `${prefix}new`, indexes: ["userId"] }), {
  deadline: "60s",
});
const server = createServer(code === "old" ? oldApp(store) : newApp(sessions, store));
// A browser of the test that waits longer than the default would send to a connection that is being closed.
server.keepAliveTimeout = 3_600_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null)
    process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
