import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import { sharedServer } from "../../servers/shared-server.js";
import { countingClient } from "../backends/redis/counting-client.js";
import { after, before, openVersion } from "./versions.js";

const url = await sharedServer("redis");

test("a session whose key is changed while all are looked at, for want of an index, is revoked all the same", async () => {
  const redis = new Redis(url);
  const client = countingClient(redis);
  const prefix = `walked-${crypto.randomUUID()}`;
  const open = (by: typeof redis | typeof client) => async (indexes: readonly string[]) =>
    createRedisBackend({ redis: by, prefix, indexes });
  const old = await openVersion(open(redis), before);
  const session = old.sessions.create({ userId: 1 });
  await session.save();
  const now = await openVersion(open(client), after);
  await now.sessions.ready();
  client.before = async (command) => {
    // Its id is known by now, and what it holds is not.
    if (command !== "get" || !client.trips.flat().includes("scan")) return;
    client.before = () => {};
    await session.cycleKey();
  };
  expect(await now.sessions.revoke({ userId: 1 })).toBe(1);
  expect(await now.sessions.exists(session.key ?? "")).toBe(false);
  redis.disconnect();
});
