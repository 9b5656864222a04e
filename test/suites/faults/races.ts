import { describe, expect, test } from "vitest";
import type { SessionBackend } from "../../../runtime/types/backend.js";
import { cookieHeader, mustLoad, openOver, stored } from "../../runtime/fixture/open.js";
import { aMoment, inRooms } from "./in-parallel.js";
import type { PlaceBackend } from "./place.js";
import { endings, type FaultSessions, type Raced, rivals } from "./rivals.js";
import { patience, scale } from "./scale.js";

/** Requests at once, some of which end the session: what has ended stays so, and what has not has one key. */
export function raceFaults(name: string, make: () => PlaceBackend | Promise<PlaceBackend>): void {
  describe(`${name}: races`, () => {
    logoutRace(async () => {
      const { sessions } = openOver(await make(), { clock: Date.now, deadline: "20s" });
      return { sessions, search: sessions };
    });

    test(
      `${scale.rotations} rotations raced with logout, revocation and each other leave one key or none`,
      async () => {
        const open = async (): Promise<FaultSessions> =>
          openOver(await make(), { clock: Date.now, deadline: "20s" }).sessions;
        const faults = await inRooms({ count: scale.rotations, atOnce: 8, open }, raceRotation);
        expect(faults.filter((what) => what !== null)).toEqual([]);
      },
      patience,
    );
  });
}

/** The same, as far as it goes where nothing can be found. */
export function plainRaceFaults(name: string, make: () => SessionBackend): void {
  describe(`${name}: races`, () => {
    logoutRace(async () => ({
      sessions: openOver(make(), { clock: Date.now, deadline: "20s" }).sessions,
      search: null,
    }));
  });
}

function logoutRace(open: () => Promise<Raced>): void {
  test(
    `revives nothing in ${scale.logouts} logouts that writers, touchers and rotations race`,
    async () => {
      const revived = await inRooms({ count: scale.logouts, atOnce: 16, open }, raceLogout);
      expect(revived.filter((what) => what !== null)).toEqual([]);
    },
    patience,
  );
}

/** `null`, or what came back. */
async function raceLogout(raced: Raced, round: number): Promise<string | null> {
  const { sessions, search } = raced;
  const userId = 10_000 + round;
  const key = await stored(sessions, { userId, visits: 1 });
  const rival = rivals[round % rivals.length];
  const ending = endings[round % endings.length];
  const loaded = await Promise.all([1, 2, 3].map(() => mustLoad(sessions, key)));
  const [leaving, ...others] = loaded;
  if (leaving === undefined || rival === undefined || ending === undefined) return "no race";
  const writes = others.map(async (session) => {
    await aMoment(2);
    await rival(session, sessions).catch(expectEnded);
  });
  await aMoment(2);
  const isEnded = await ending(leaving, raced);
  await Promise.all(writes);
  const keys = [...new Set([key, ...loaded.map((session) => session.key)])];
  const usable = await usableKeys(sessions, keys);
  const expected = isEnded ? 0 : 1;
  const countOf = (id: number): Promise<number> => search?.count({ userId: id }) ?? Promise.resolve(0);
  const found = search === null ? expected : (await countOf(userId)) + (await countOf(userId + 1_000_000));
  if (usable.length === expected && found === expected) return null;
  const numbers = `rival ${round % rivals.length}, ending ${round % endings.length} (${isEnded})`;
  return `round ${round}: ${numbers}: ${usable.length} usable keys of ${keys.length}, ${found} found`;
}

function expectEnded(error: unknown): void {
  expect(error).toMatchObject({ code: expect.stringMatching(/^(gone|conflict)$/) });
}

/** `null`, or what is wrong: two keys that are usable, or none though nobody ended the session, or one though somebody did. */
async function raceRotation(sessions: FaultSessions, round: number): Promise<string | null> {
  const userId = 5_000_000 + round;
  const key = await stored(sessions, { userId, visits: 1 });
  const how = (["each other", "logout", "revocation", "writes"] as const)[round % 4] ?? "writes";
  const sessionsAtOnce = await Promise.all([1, 2].map(() => mustLoad(sessions, key)));
  const rotations = sessionsAtOnce.map(async (session, number) => {
    await aMoment(2);
    if (how === "writes" && number > 0) session.visits += 1;
    await (how === "writes" && number > 0 ? session.save() : session.cycleKey()).catch(expectEnded);
  });
  await aMoment(2);
  const isEnded =
    (how === "logout" && (await sessions.delete(key))) ||
    (how === "revocation" && (await sessions.revoke({ userId })) > 0);
  await Promise.all(rotations);
  const keys = [...new Set([key, ...sessionsAtOnce.map((session) => session.key)])];
  const usable = await usableKeys(sessions, keys);
  const expected = isEnded ? 0 : 1;
  const found = await sessions.count({ userId });
  if (usable.length === expected && found === expected) return null;
  return `round ${round} with ${how} (${isEnded}): ${usable.length} usable keys of ${keys.length}, ${found} found`;
}

/** Those that a request could come with and be someone. */
export async function usableKeys(
  sessions: Raced["sessions"],
  keys: readonly (string | null)[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    keys.map(async (key) =>
      key === null ? [] : (await sessions.fromCookie(cookieHeader(key))).isNew ? [] : [key],
    ),
  );
  return found.flat();
}
