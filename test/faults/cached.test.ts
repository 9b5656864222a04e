import { afterAll, describe } from "vitest";
import { createCachedBackend } from "../../runtime/backends/cached.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { isInstalled } from "../servers/installed.js";
import { startRedis } from "../servers/redis.js";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { deadlineSeconds, freezeFaults } from "../suites/faults/freeze.js";
import { createPlace } from "../suites/faults/place.js";

describe.skipIf(!isInstalled("redis"))("cached", async () => {
  const server = await startRedis();
  const cache = await createPlace("redis", server.url);
  const backend = createCachedBackend({ cache, store: await createPlace("sqlite", ":memory:") });
  afterAll(async () => {
    await backend.close?.();
    await server.stop();
  });
  everyPlaceFault("Redis in front of SQLite", () => backend);
  // Of a frozen cache nobody notices anything: that is in test/runtime/backends/cached.
  freezeFaults({
    name: "the store behind a cache",
    start: () => startRedis(),
    open: async (url) => {
      const store = await createPlace("redis", url);
      return createCachedBackend({ cache: createMemoryBackend(), store, deadline: deadlineSeconds });
    },
  });
});
