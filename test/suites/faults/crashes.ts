import { expect, test } from "vitest";
import type { SessionBackend } from "../../../runtime/types/backend.js";
import {
  crashEndings,
  crashes,
  crashRotation,
  isSearched,
  judgeCrash,
  judgeEnding,
} from "./crashed-rotation.js";
import { inRooms } from "./in-parallel.js";
import { patience, scale } from "./scale.js";

/** When the client comes back, in seconds. */
const moments = [11, 61, 0.001, 300, 4 * 3600];

/** Changes of key that end with the process, or in which a call fails, between any two of their steps. */
export function crashFaults(name: string, make: () => SessionBackend | Promise<SessionBackend>): void {
  test(
    `${name}: ${scale.rotations} rotations that die between two steps leave a key that works, and one session`,
    async () => {
      const open = async (): Promise<SessionBackend> => make();
      const faults = await inRooms({ count: scale.rotations, atOnce: 8, open }, crashAndJudge);
      expect(faults.filter((fault) => fault !== null)).toEqual([]);
    },
    patience,
  );
}

/** `null`, or what is wrong. Every second session is ended by whoever finds it. */
async function crashAndJudge(place: SessionBackend, round: number): Promise<string | null> {
  const crash = crashes[round % crashes.length];
  const visit = Math.floor(round / crashes.length) + round;
  const seconds = moments[visit % moments.length] ?? 0;
  const endings = Object.entries(crashEndings);
  const [name, end] = endings[visit % endings.length] ?? ["", async () => false];
  if (crash === undefined) return "no crash";
  const crashed = await crashRotation(place, crash, 7_000_000 + 2 * round);
  const isEnding = round % 2 === 1 && isSearched(crashed.sessions);
  if (isEnding) crashed.clock.advance(seconds);
  const fault = isEnding
    ? await judgeEnding(crashed, await end(crashed))
    : await judgeCrash(crash, crashed, seconds);
  return fault && `${JSON.stringify(crash)}, after ${seconds} s${isEnding ? `, by ${name}` : ""}: ${fault}`;
}
