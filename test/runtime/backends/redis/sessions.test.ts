import { afterAll, describe, expect, test } from "vitest";
import { createRedisBackend } from "../../../../runtime/backends/redis.js";
import { startRedis } from "../../../servers/redis.js";
import { startTcpProxy } from "../../../servers/tcp-proxy.js";
import { mustLoad, openOver, stored } from "../../fixture/open.js";

const server = await startRedis();
const proxy = await startTcpProxy(server.port);
// As two processes have it: each its own connection, and what it remembers.
const backends = [server.url, proxy.urlOf(server.url)].map((url) =>
  createRedisBackend({ url, indexes: ["userId"] }),
);
const [one, other] = backends.map((backend) => openOver(backend, { clock: Date.now, deadline: "5s" }));
if (one === undefined || other === undefined) throw new Error("There are two.");

afterAll(async () => {
  for (const backend of backends) await backend.close();
  await proxy.close();
  await server.stop();
});

const turns = Array.from({ length: 50 }, (_, at) => at);

describe("sessions in Redis", () => {
  test("keep 50 increments at once from two processes, whose answers are lost now and then", async () => {
    const key = await stored(one.sessions, { userId: 1, visits: 0 });
    let requests = 0;
    proxy.treat((request) => {
      if (!request.includes("evalsha")) return "pass";
      requests += 1;
      return requests % 10 === 0 ? "lose" : "pass";
    });
    await Promise.all(
      turns.map(async (turn) => {
        const session = await mustLoad((turn % 2 === 0 ? one : other).sessions, key);
        session.visits += 1;
        session.tags = [...session.tags, `t${turn}`];
        await session.save();
      }),
    );
    proxy.treat(() => "pass");
    const session = await mustLoad(one.sessions, key);
    expect(session.visits).toBe(50);
    expect(new Set(session.tags).size).toBe(50);
  });

  test("logout is final, whoever writes beside it", async () => {
    for (const turn of turns) {
      const key = await stored(one.sessions, { userId: 2, visits: turn });
      const writers = await Promise.all(
        [one, other].flatMap(({ sessions }) => [mustLoad(sessions, key), mustLoad(sessions, key)]),
      );
      await Promise.allSettled([
        ...writers.map(async (session, at) => {
          session.visits += 1;
          if (at === 1) session.userId = 3;
          if (at === 2) await session.cycleKey();
          else await session.save();
        }),
        other.sessions.delete(key),
      ]);
      for (const session of writers) {
        await one.sessions.delete(session.key ?? "");
        for (const left of [key, session.key ?? ""]) expect(await one.sessions.load(left)).toBeNull();
      }
    }
    expect(await one.sessions.count({ userId: 3 })).toBe(0);
  });

  test("are found and revoked by user while they are made, renamed and ended", async () => {
    const logins = turns.map(() => stored(other.sessions, { userId: 4 }));
    const kept = await mustLoad(one.sessions, await stored(one.sessions, { userId: 4 }));
    await Promise.all([...logins, one.sessions.revoke({ userId: 4 }, { except: kept })]);
    await one.sessions.revoke({ userId: 4 }, { except: kept });
    const found: string[] = [];
    for await (const { handle } of other.sessions.find({ userId: 4 })) found.push(handle);
    expect(found).toEqual([kept.handle]);
    kept.userId = 5;
    await kept.save();
    expect([await one.sessions.count({ userId: 4 }), await other.sessions.count({ userId: 5 })]).toEqual([
      0, 1,
    ]);
    expect(await one.sessions.revokeAll()).toBeGreaterThanOrEqual(1);
    expect(await one.sessions.count()).toBe(0);
  });
});
