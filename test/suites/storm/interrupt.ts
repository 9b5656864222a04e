import { surround } from "../../../runtime/backends/layer.js";
import type { PlaceBackend } from "../faults/place.js";
import type { Fate } from "./storm-plan.js";

/** Processes that have stopped in the middle of a call. */
export class Sleepers {
  #wakeAll: (() => void)[] = [];

  sleep(): Promise<void> {
    return new Promise((resolve) => this.#wakeAll.push(resolve));
  }

  wake(): void {
    for (const wake of this.#wakeAll.splice(0)) wake();
  }
}

/** The backend as a process of this fate sees it. */
export function interrupt(backend: PlaceBackend, fate: Fate | null, sleepers: Sleepers): PlaceBackend {
  let calls = 0;
  let isDead = false;
  return surround(backend, async (_method, call, options) => {
    if (isDead) return never;
    calls += 1;
    if (fate === null || calls !== fate.at + 1) return call(options);
    isDead = fate.how === "dies";
    if (!fate.isDone && fate.how === "sleeps") await sleepers.sleep();
    const isMade = fate.isDone || fate.how === "sleeps";
    const answer = isMade ? call(options) : never;
    if (isMade) await answer;
    if (fate.how === "fails") throw new Error("lost");
    if (fate.isDone && fate.how === "sleeps") await sleepers.sleep();
    return isDead ? never : answer;
  });
}

const never = new Promise<never>(() => {});
