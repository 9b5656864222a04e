import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { fakeClock } from "../../../runtime/testing/index.js";
import { createSessions } from "../../golden/generated/analytics/expected/generated/index.js";

test("a schema with analytics takes every other option of createSessions beside the sinks' own", async () => {
  const lines: unknown[] = [];
  const logger = { warn: () => undefined, info: (event: unknown) => lines.push(event) };
  const registry = new Registry();
  const sessions = createSessions({
    registry,
    logger,
    backend: createMemoryBackend(),
    clock: fakeClock(),
    deadline: "1s",
    cookie: { sameSite: "strict" },
  });
  await sessions.ready();
  await sessions.create({}).save();
  expect(lines).toEqual([expect.objectContaining({ type: "created" })]);
  expect(await registry.metrics()).toMatch(/^session_created_total\{kind="session"\} 1$/m);
});
