import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { describe, expect, test } from "vitest";
import { expressStore } from "../../../runtime/http/express-store.js";
import { openOver } from "../fixture/open.js";
import { sessionOf, start } from "./express-session-app.js";

/** Throws nothing away: the clock of the sessions stands still, long ago. */
const memory = () => createMemoryBackend({ clock: () => 0 });

describe("requests of express-session at the same time", () => {
  test("keeps what 50 requests at once change, each another member or field", async () => {
    const opened = openOver(memory());
    const all = gate(50);
    const browser = await start(
      {
        "/in": (request, response) => {
          sessionOf(request).userId = 1;
          response.end();
        },
        "/set/:number": async (request, response) => {
          await all();
          sessionOf(request)[`member${Number(request.params["number"])}`] = 1;
          response.end();
        },
        "/count": (request, response) => {
          response.end(
            String(Object.keys(sessionOf(request)).filter((name) => name.startsWith("member")).length),
          );
        },
      },
      opened,
    );
    await browser.get("/in");
    await Promise.all(Array.from({ length: 50 }, (_, number) => browser.get(`/set/${number}`)));
    expect((await browser.get("/count")).text).toBe("50");
  });

  test("merges what they make of one field as the schema says", async () => {
    const opened = openOver(memory());
    const all = gate(20);
    const change = async (request: object): Promise<void> => {
      const session = sessionOf(request);
      session.visits = (session.visits ?? 0) + 1;
      session.points = String(BigInt(session.points ?? 0) + 2n);
      session.tags?.push(`tag${session.visits}-${Math.random()}`);
    };
    const browser = await start(
      {
        "/in": async (request, response) => {
          sessionOf(request).userId = 1;
          sessionOf(request).tags = [];
          await change(request);
          response.end();
        },
        "/change": async (request, response) => {
          await all();
          await change(request);
          response.end();
        },
      },
      opened,
    );
    await browser.get("/in");
    await Promise.all(Array.from({ length: 20 }, () => browser.get("/change")));
    for await (const { data } of opened.sessions.find({ userId: 1 }))
      expect([data.visits, data.points, data.tags.length]).toEqual([21, 42n, 21]);
    expect(await opened.sessions.count({ userId: 1 })).toBe(1);
  });

  test.each(["/out", "revoke"])(
    "a request that is overtaken by the end of its session (%s) revives nothing",
    async (end) => {
      const opened = openOver(memory());
      const arrived = gate(2);
      const leave = gate(2);
      const failures: unknown[] = [];
      const browser = await start(
        {
          "/in": (request, response) => {
            sessionOf(request).userId = 1;
            response.end();
          },
          "/slow": async (request, response) => {
            await arrived();
            await leave();
            sessionOf(request).visits = 5;
            sessionOf(request).save((error) => {
              failures.push(error?.code);
              response.end();
            });
          },
          "/out": (request, response) => void sessionOf(request).destroy(() => response.end()),
        },
        opened,
      );
      await browser.get("/in");
      const slow = browser.get("/slow");
      await arrived();
      if (end === "revoke") expect(await opened.sessions.revoke({ userId: 1 })).toBe(1);
      else await browser.get(end);
      await leave();
      await slow;
      expect([failures, await opened.sessions.count()]).toEqual([["gone"], 0]);
    },
  );
});

test("what was read is not written after its end, however many others were read since", async () => {
  const backend = memory();
  const [here, elsewhere] = [openOver(backend), openOver(backend)].map(({ sessions }) =>
    expressStore(sessions),
  );
  const call = <T>(start: (done: (error?: unknown, value?: T) => void) => void): Promise<T | undefined> =>
    new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));
  const bag = { cookie: { originalMaxAge: null }, member: 1 };
  await call((done) => here?.set("one", bag, done));
  const read = await call<never>((done) => here?.get("one", done));
  await call((done) => elsewhere?.destroy("one", done));
  // A store remembers the last 100,000 sids.
  for (let other = 0; other <= 100_000; other += 1)
    await call((done) => here?.destroy(`other-${other}`, done));
  const writing = call((done) => here?.set("one", Object.assign(read ?? {}, { member: 2 }), done));
  await expect(writing).rejects.toMatchObject({ code: "gone" });
  expect((await backend.abilities.scan.scan({ limit: 1 })).records).toEqual([]);
});

/** A door that opens when so many stand before it. */
function gate(count: number): () => Promise<void> {
  let waiting = 0;
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    waiting += 1;
    if (waiting === count) open();
    return opened;
  };
}
