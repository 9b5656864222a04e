import { afterAll } from "vitest";
import { createRedisBackend } from "../../runtime/backends/redis.js";
import { sharedServer } from "../servers/shared-server.js";
import { modelSuite } from "../suites/model/model.js";

const backend = createRedisBackend({
  url: await sharedServer("redis"),
  prefix: `model-${crypto.randomUUID()}`,
  indexes: ["userId"],
});

afterAll(() => backend.close?.());

modelSuite("Redis", () => backend, { quick: 400, nightly: 20_000 });
