import { afterAll, describe } from "vitest";
import { createReplicatedBackend } from "../../runtime/backends/replicated.js";
import { isInstalled } from "../servers/installed.js";
import { startRedis } from "../servers/redis.js";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { createPlace } from "../suites/faults/place.js";

describe.skipIf(!isInstalled("redis"))("replicated", async () => {
  const server = await startRedis();
  const primary = await createPlace("sqlite", ":memory:");
  const secondary = await createPlace("redis", server.url);
  const backend = createReplicatedBackend({ primary, secondary, mode: "acknowledged" });
  afterAll(async () => {
    await backend.close();
    await server.stop();
  });
  everyPlaceFault("SQLite with a copy in Redis", () => backend, { share: 0.2 });
});
