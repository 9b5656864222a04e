import { afterAll, describe } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { createReplicatedBackend } from "../../runtime/backends/replicated.js";
import { isInstalled } from "../servers/installed.js";
import { startRedis } from "../servers/redis.js";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { deadlineSeconds, freezeFaults } from "../suites/faults/freeze.js";
import { createPlace } from "../suites/faults/place.js";
import { isNightly } from "../suites/faults/scale.js";

describe.skipIf(!isInstalled("redis"))("replicated", async () => {
  const server = await startRedis();
  const primary = await createPlace("sqlite", ":memory:");
  const secondary = await createPlace("redis", server.url);
  const backend = createReplicatedBackend({ primary, secondary, mode: "acknowledged" });
  afterAll(async () => {
    await backend.close();
    await server.stop();
  });
  everyPlaceFault("SQLite with a copy in Redis", () => backend, { share: isNightly ? 1 : 0.2 });
});

// The server of either side; in other runs test/runtime/backends/replicated has what they are asked.
if (isNightly && isInstalled("redis")) {
  const deadline = deadlineSeconds;
  for (const mode of ["async", "sync", "acknowledged"] as const) {
    freezeFaults({
      name: `the primary of replicated, ${mode},`,
      start: () => startRedis(),
      open: async (url) => {
        const primary = await createPlace("redis", url);
        return createReplicatedBackend({ primary, secondary: createMemoryBackend(), mode, deadline });
      },
    });
    // With "async" nobody waits for the secondary.
    if (mode === "async") continue;
    freezeFaults({
      name: `the secondary of replicated, ${mode},`,
      start: () => startRedis(),
      open: async (url) => {
        const secondary = await createPlace("redis", url);
        return createReplicatedBackend({ primary: createMemoryBackend(), secondary, mode, deadline });
      },
    });
  }
}
