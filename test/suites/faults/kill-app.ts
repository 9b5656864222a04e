import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { openOver } from "../../runtime/fixture/open.js";
import { processScript } from "./child.js";
import { createPlace, type PlaceBackend, type PlaceName } from "./place.js";
import { placeFolder } from "./place-folder.js";
import { patience, scale } from "./scale.js";

export interface KilledApp {
  readonly name: string;
  readonly place: PlaceName;
  /** Of the file or folder, below one that is removed afterwards. */
  readonly path: string;
  /** Looks the store over once no process has it open any more. */
  readonly inspect: (url: string) => unknown;
}

/** What a process last said of a session. */
interface Word {
  readonly word: string;
  readonly userId: number;
  readonly key: string;
  readonly points: bigint;
}

/** Kills the app in the middle of its work, again and again: what it acknowledged is there, whole, and nothing else for long. */
export function killAppFaults({ name, place, path, inspect }: KilledApp): void {
  const url = join(placeFolder(), path);
  test(
    `${name}: ${scale.appKills} kills of the app lose, tear and leave nothing`,
    async () => {
      const backend = await createPlace(place, url);
      const script = processScript("live-until-killed.ts");
      const lines = [0, 1].map((line) => killInTurn(backend, [script, place, url], line));
      const fates = (await Promise.all(lines)).flat();
      expect(fates.length).toBeGreaterThan(scale.appKills);
      expect(fates.filter((fault) => fault !== null)).toEqual([]);
      await sweepEverything(backend);
      await backend.close?.();
      inspect(url);
    },
    2 * patience,
  );
}

/** What is wrong with each session of a line of processes; `null` for each of which nothing is. */
async function killInTurn(
  backend: PlaceBackend,
  args: readonly string[],
  line: number,
): Promise<readonly (string | null)[]> {
  const fates: (string | null)[] = [];
  for (let kill = 0; kill < scale.appKills / 2; kill += 1) {
    const firstUser = 1_000_000 * (line + 1) + 1000 * kill;
    const last = new Map<number, Word>();
    for (const word of await wordsUntilKilled([...args, String(firstUser)], 1 + (kill % 23))) {
      last.set(word.userId, word);
    }
    // At once: a rotation that was cut off leaves its user a minute.
    fates.push(...(await Promise.all([...last.values()].map((word) => faultOf(backend, word)))));
  }
  return fates;
}

async function wordsUntilKilled(args: readonly string[], count: number): Promise<readonly Word[]> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const words: Word[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [word = "", userId, key = "", points = "0"] = line.split(" ");
    words.push({ word, userId: Number(userId), key, points: BigInt(points) });
    if (words.length === count) setTimeout(() => child.kill("SIGKILL"), Math.random() * 3);
  }
  return words;
}

/** `null`, or what is wrong with a session of which this was the last word. */
async function faultOf(backend: PlaceBackend, { word, userId, key, points }: Word): Promise<string | null> {
  // Ten seconds later an old key leads to where a rotation was cut off; a minute later all that was begun is over.
  const soon = openOver(backend, { clock: () => Date.now() + 10_500 });
  const later = openOver(backend, { clock: () => Date.now() + 61_000 });
  const found: bigint[] = [];
  for await (const { data } of later.sessions.find({ userId })) found.push(data.points);
  const byKey = key === "-" ? null : await soon.sessions.load(key);
  const isFine = fates[word]?.({ found, byKey: byKey?.points, points }) ?? false;
  if (isFine && soon.warnings.length + later.warnings.length === 0) return null;
  return `${word} ${points}: found ${found}, by key ${byKey?.points}; ${[...soon.warnings, ...later.warnings]}`;
}

interface Evidence {
  /** The sums of the sessions of the user. */
  readonly found: readonly bigint[];
  /** The sum of the session that the key opens. */
  readonly byKey: bigint | undefined;
  /** The sum that was said last. */
  readonly points: bigint;
}

const isOneOf = (sums: readonly (bigint | undefined)[], found: readonly bigint[]): boolean =>
  found.length === 1 && sums.includes(found[0]);

/** What may be there after each word. One who begins a step may have done it and not have had the time to say so. */
const fates: Readonly<Record<string, (evidence: Evidence) => boolean>> = {
  done: ({ found, byKey, points }) => byKey === points && isOneOf([points], found),
  saving: ({ found, byKey, points }) =>
    (byKey === points || byKey === points - 1n) && isOneOf([byKey], found),
  // The last step of a rotation gives the old key up; only then is the session there without it. Before its last
  // but one, the session under its new key has a minute in which its user has to come.
  moving: ({ found, byKey, points }) =>
    byKey === points
      ? found.length === 0 || isOneOf([points], found)
      : byKey === undefined && isOneOf([points], found),
  ending: ({ found, byKey, points }) =>
    found.length === 0 ? byKey === undefined : byKey === points && isOneOf([points], found),
  ended: ({ found }) => found.length === 0,
};

async function sweepEverything(backend: PlaceBackend): Promise<void> {
  const { sessions } = openOver(backend, { clock: () => Date.now() + 30 * 86_400_000 });
  expect(await sessions.cleanupExpired()).toBeGreaterThan(0);
  expect((await backend.abilities.scan.scan({ limit: 10 })).records).toEqual([]);
}
