import { setTimeout as wait } from "node:timers/promises";
import { fileHash } from "../generation-cache.js";
import { createFileWatcher } from "./file-watcher.js";

/** What a build tells about itself, so that it can be known when the next one is due. */
export interface Built {
  /** Absolute paths of the files that it depends on. */
  readonly inputs: readonly string[];
  /** Those among them that it may have written itself. */
  readonly written: readonly string[];
  /** After a failure, whatever happens beside its inputs may mend it. */
  readonly isFailed: boolean;
  /** Says what came of it. Called when every later change will be noticed. */
  readonly tell: () => void;
}

/** How long nothing must have changed before a build begins, in milliseconds: an editor writes in several steps. */
const quiet = 30;

/**
 * Builds, and builds again whenever the content of an input has changed, one build at a time, until the signal is
 * aborted. A build that has begun is ended. `build` is told whether an input has changed; it must not throw.
 */
export async function rebuild(
  build: (isChanged: boolean) => Promise<Built>,
  signal: AbortSignal,
): Promise<void> {
  const bell = createBell();
  const watcher = createFileWatcher(bell.ring);
  signal.addEventListener("abort", bell.ring);
  try {
    let inputs: readonly string[] = [];
    let isChanged = true;
    while (!signal.aborted) {
      const before = hashes(inputs);
      const built = await build(isChanged);
      inputs = built.inputs;
      watcher.follow(inputs, built.isFailed);
      const seen = new Map([...hashes(inputs), ...without(before, built.written)]);
      built.tell();
      const isDue = (): boolean => inputs.some((file) => seen.get(file) !== fileHash(file));
      while (!signal.aborted && !isDue()) {
        await bell.rung();
        await calm(bell, signal);
        // A folder may be another one by now.
        watcher.follow(inputs, built.isFailed);
        if (built.isFailed) break;
      }
      isChanged = isDue();
    }
  } finally {
    signal.removeEventListener("abort", bell.ring);
    watcher.close();
  }
}

/** So often `quiet` is waited for at most: something may write there all the time. */
const mostRounds = 10;

/** Waits until the bell has been silent for a while. */
async function calm(bell: Bell, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < mostRounds && !signal.aborted; round++) {
    bell.silence();
    await wait(quiet, undefined, { signal }).catch(() => undefined);
    if (!bell.isRinging()) return;
  }
}

interface Bell {
  readonly ring: () => void;
  /** Resolves when it rings, at once when it rang since it was silenced. */
  rung(): Promise<void>;
  silence(): void;
  isRinging(): boolean;
}

function createBell(): Bell {
  let isRinging = false;
  let hear: (() => void) | undefined;
  return {
    ring: () => {
      isRinging = true;
      hear?.();
    },
    rung: async () => {
      if (!isRinging) await new Promise<void>((resolve) => (hear = resolve));
    },
    silence: () => {
      isRinging = false;
    },
    isRinging: () => isRinging,
  };
}

function hashes(files: readonly string[]): Map<string, string> {
  return new Map(files.map((file) => [file, fileHash(file)]));
}

function without(
  known: ReadonlyMap<string, string>,
  names: readonly string[],
): readonly (readonly [string, string])[] {
  return [...known].filter(([name]) => !names.includes(name));
}
