import { expect, onTestFinished, test } from "vitest";
import { mustLoad, openOver, stored } from "../../runtime/fixture/open.js";
import { openShop } from "../shop-kind.js";
import { startChild } from "./child.js";
import { aMoment } from "./in-parallel.js";
import { createPlace, type PlaceName } from "./place.js";
import { usableKeys } from "./races.js";
import { endings, type Raced } from "./rivals.js";
import { patience, scale } from "./scale.js";

/** A place that several processes reach under one url. */
export interface SharedPlace {
  readonly name: string;
  readonly place: PlaceName;
  readonly url: string;
}

/** Sessions of one round of raced logouts. */
const atOnce = 12;

/** Three processes that write to one session. A server has the same test, with answers that get lost. */
export function sharedSumFault(shared: SharedPlace): void {
  test(`${shared.name}: the sum is exact of 16 clients in 3 processes`, () => increment(shared), patience);
}

/** Requests of other processes, of which the place alone knows, while sessions are ended. */
export function sharedLogoutFault(shared: SharedPlace): void {
  const count = scale.sharedLogouts;
  test(
    `${shared.name}: nothing is revived in ${count} logouts raced by two other processes`,
    () => raceLogouts(shared),
    patience,
  );
}

async function increment({ name, place, url }: SharedPlace): Promise<void> {
  const backend = await createPlace(place, url);
  onTestFinished(() => backend.close?.());
  const sessions = openShop(backend);
  const key = await sessions.create({ userId: 1 }).ensureKey();
  const told = await incrementInProcesses({ place, url }, key, () => {});
  console.info(`${name}: ${16 * scale.increments} increments; ${told.join("; ")}`);
  expect((await sessions.load(key))?.visits).toBe(16 * scale.increments);
}

/** Sixteen clients in three processes add one to a session, so many times each; what each process met. */
export async function incrementInProcesses(
  { place, url }: Pick<SharedPlace, "place" | "url">,
  key: string,
  begin: () => void,
): Promise<readonly string[]> {
  const children = [6, 5, 5].map((clients, index) =>
    startChild("increment-session.ts", [place, url, key, index * 6, clients, scale.increments]),
  );
  await Promise.all(children.map((child) => child.nextLine()));
  begin();
  for (const child of children) child.say("go");
  const told = await Promise.all(children.map((child) => child.nextLine()));
  expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0, 0]);
  return told;
}

async function raceLogouts({ place, url }: SharedPlace): Promise<void> {
  const backend = await createPlace(place, url);
  onTestFinished(() => backend.close?.());
  const { sessions } = openOver(backend, { clock: Date.now, deadline: "20s" });
  const raced: Raced = { sessions, search: sessions };
  const children = [0, 1].map((first) => startChild("race-logouts.ts", [place, url, first]));
  const everyChild = async (line: string): Promise<readonly string[]> => {
    for (const child of children) child.say(line);
    return Promise.all(children.map((child) => child.nextLine()));
  };
  const faults: string[] = [];
  for (let round = 0; round < scale.sharedLogouts / atOnce; round += 1) {
    const keys = await Promise.all(
      Array.from({ length: atOnce }, (_, number) => stored(sessions, { userId: userOf(round, number) })),
    );
    await everyChild(keys.join(" "));
    const leaving = await Promise.all(keys.map((key) => mustLoad(sessions, key)));
    const others = everyChild("go");
    await aMoment(3);
    const isEnded = await Promise.all(
      leaving.map((session, number) => endings[(round + number) % endings.length]?.(session, raced)),
    );
    const left = (await others).map((line) => line.split(" "));
    for (const [number, key] of keys.entries()) {
      const known = [key, leaving[number]?.key ?? null, ...left.map((words) => words[number] ?? null)];
      const usable = await usableKeys(sessions, [...new Set(known)]);
      const userId = userOf(round, number);
      const found =
        (await sessions.count({ userId })) + (await sessions.count({ userId: userId + 1_000_000 }));
      const expected = isEnded[number] === true ? 0 : 1;
      if (usable.length !== expected || found !== expected)
        faults.push(
          `round ${round}, ${number} (${isEnded[number]}): ${usable.length} usable, ${found} found`,
        );
    }
  }
  expect(faults).toEqual([]);
  for (const child of children) child.end();
  expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0]);
}

function userOf(round: number, number: number): number {
  return 20_000_000 + round * atOnce + number;
}
