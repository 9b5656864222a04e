import { expect, onTestFinished, test } from "vitest";
import { mustLoad, type Opened, openOver } from "../../runtime/fixture/open.js";
import { startTcpProxy, type TcpProxy } from "../../servers/tcp-proxy.js";
import { openShop } from "../shop-kind.js";
import { aMoment } from "./in-parallel.js";
import { createPlace, type PlaceAbilities } from "./place.js";
import { incrementInProcesses } from "./processes.js";
import { patience, scale } from "./scale.js";
import type { ServerUnderFault } from "./server-under-fault.js";

/** A server whose answers get lost on the way: what it did is found again, and not done twice. */
export function lostAnswerFaults(server: ServerUnderFault): void {
  test(
    `${server.name}: an answer that is lost, whichever it is, changes nothing`,
    () => loseEach(server),
    patience,
  );
  test(
    `${server.name}: the sum is exact of 16 clients in 3 processes whose answers get lost`,
    () => incrementThroughProxy(server),
    patience,
  );
}

type FaultSessions = Opened<PlaceAbilities>["sessions"];

const rounds = 30;

async function loseEach({ place, start }: ServerUnderFault): Promise<void> {
  const server = await start();
  onTestFinished(() => server.stop());
  const direct = await createPlace(place, server.url);
  onTestFinished(() => direct.close?.());
  const proxy = await startTcpProxy(server.port);
  onTestFinished(() => proxy.close());
  const backend = await createPlace(place, proxy.urlOf(server.url));
  onTestFinished(() => backend.close?.());
  const { sessions } = openOver(backend, { clock: Date.now });
  // A rotation that began and was not committed leaves a record for a minute whose key nobody was sent.
  const { sessions: truth } = openOver(direct, { clock: () => Date.now() + 61_000 });
  let lost = 0;
  for (let round = 0; round < rounds; round += 1) {
    const lose = (step: number): (() => boolean) => loseOne(proxy, (round + step) % 5);
    lost += await liveWithLosses(sessions, truth, { userId: 100 + round, lose });
  }
  expect(lost).toBeGreaterThan(rounds);
}

interface Life {
  readonly userId: number;
  /** Loses one of the next answers from now on; answers how to ask whether it has. */
  readonly lose: (step: number) => () => boolean;
}

/** One session from its creation to its end, an answer of each step being lost. How many were. */
async function liveWithLosses(
  sessions: FaultSessions,
  truth: FaultSessions,
  { userId, lose }: Life,
): Promise<number> {
  const asked = [lose(0)];
  const session = sessions.create({ userId, points: 1n });
  await insist(() => session.save());
  expect(await truth.count({ userId })).toBe(1);
  asked.push(lose(1));
  for (let time = 0; time < 3; time += 1) {
    session.points += 1n;
    await insist(() => session.save());
  }
  expect((await mustLoad(truth, session.key ?? "")).points).toBe(4n);
  const before = session.key ?? "";
  asked.push(lose(2));
  session.points += 1n;
  await insist(() => session.cycleKey());
  const moved = await mustLoad(truth, session.key ?? "");
  expect([moved.points, await truth.count({ userId }), await truth.exists(before)]).toEqual([5n, 1, false]);
  asked.push(lose(3));
  await insist(() => session.destroy());
  expect([await truth.count({ userId }), await truth.exists(moved.key ?? "")]).toEqual([0, false]);
  return asked.filter((isLost) => isLost()).length;
}

/** Passes so many requests, then loses the answer to one. */
function loseOne(proxy: TcpProxy, passing: number): () => boolean {
  let requests = 0;
  proxy.treat(() => {
    requests += 1;
    return requests === passing + 1 ? "lose" : "pass";
  });
  return () => requests > passing;
}

/** As a client does that is told to try again later. */
async function insist(act: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      return void (await act());
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(unavailable|timeout)$/) });
      await aMoment(40);
    }
  }
  throw new Error("It fails again and again.");
}

async function incrementThroughProxy({ name, place, start }: ServerUnderFault): Promise<void> {
  const server = await start();
  onTestFinished(() => server.stop());
  const backend = await createPlace(place, server.url);
  onTestFinished(() => backend.close?.());
  const sessions = openShop(backend);
  const key = await sessions.create({ userId: 1 }).ensureKey();
  const proxy = await startTcpProxy(server.port);
  onTestFinished(() => proxy.close());
  let lost = 0;
  const told = await incrementInProcesses({ place, url: proxy.urlOf(server.url) }, key, () =>
    proxy.treat(() => {
      if (Math.random() > 0.03) return "pass";
      lost += 1;
      return "lose";
    }),
  );
  const session = await sessions.load(key);
  console.info(`${name}: ${16 * scale.increments} increments, ${lost} answers lost; ${told.join("; ")}`);
  expect(lost).toBeGreaterThan(0);
  expect(session?.visits).toBe(16 * scale.increments);
}
