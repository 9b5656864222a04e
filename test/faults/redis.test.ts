import { afterAll, describe } from "vitest";
import { isInstalled } from "../servers/installed.js";
import { startRedis } from "../servers/redis.js";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { everyServerFault } from "../suites/faults/every-server-fault.js";
import { createPlace } from "../suites/faults/place.js";

describe.skipIf(!isInstalled("redis"))("Redis", async () => {
  const server = await startRedis();
  const backend = await createPlace("redis", server.url);
  afterAll(async () => {
    await backend.close?.();
    await server.stop();
  });
  everyPlaceFault("Redis", () => backend);
  everyServerFault({ name: "Redis", place: "redis", start: () => startRedis({ durable: true }) });
});
