import { Redis } from "ioredis";
import { Redis as Redis6 } from "ioredis6";
import { afterAll } from "vitest";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import { sharedServer } from "../../servers/shared-server.js";
import { backendSuite } from "../../suites/backend.js";

const url = await sharedServer("redis");
const abilities = { abilities: ["find", "list", "scan", "sweep", "limit"] } as const;
const prefix = `test*[x]:${crypto.randomUUID()}`;
const own = createRedisBackend({ url, prefix: `${prefix}:own`, indexes: ["userId", "label", "admin"] });
const five = new Redis(url);
const six = new Redis6(url, { keyPrefix: "app?:" });
const ofFive = createRedisBackend({ redis: five, prefix: `${prefix}:5` });
const ofSix = createRedisBackend({ redis: six, prefix: `${prefix}:6` });

backendSuite("redis, by its own connection", () => own, abilities);
backendSuite("redis, by the app's ioredis 5", () => ofFive, abilities);
backendSuite("redis, by the app's ioredis 6 with a key prefix", () => ofSix, abilities);

afterAll(async () => {
  await Promise.all([own, ofFive, ofSix].map((backend) => backend.close()));
  five.disconnect();
  six.disconnect();
});
