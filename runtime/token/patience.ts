/** Decides how long a write that others keep overtaking is tried again. */
export interface Patience {
  /** Waits a random while, longer each time. `false`, at once, when the time is up. */
  wait(): Promise<boolean>;
}

const longestPause = 50;
const fewestTries = 16;

/** Patience of so many milliseconds, and of sixteen tries at least, since a busy process may not get to more of them in time. */
export function createPatience(milliseconds: number): Patience {
  const end = performance.now() + milliseconds;
  let tries = 0;
  return {
    async wait() {
      if (performance.now() >= end && tries >= fewestTries) return false;
      const pause = Math.random() * Math.min(longestPause, 2 ** tries);
      tries += 1;
      await new Promise((resolve) => setTimeout(resolve, pause));
      return true;
    },
  };
}
