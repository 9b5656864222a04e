import { Keyv } from "keyv";
import { expect, test } from "vitest";
import { createCacheBackend } from "../../runtime/backends/cache.js";
import { createCachedBackend } from "../../runtime/backends/cached.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { createReplicatedBackend } from "../../runtime/backends/replicated.js";
import { copySessions } from "../../runtime/index.js";
import type { SessionBackend } from "../../runtime/types/backend.js";
import { raise, recordOf } from "./copied-records.js";

/** Targets that never take back what was deleted, and one in front of another. */
const targets: Readonly<Record<string, () => SessionBackend>> = {
  cache: () => createCacheBackend({ cache: new Keyv() }),
  cached: () => createCachedBackend({ cache: createMemoryBackend(), store: createMemoryBackend() }),
  replicated: () =>
    createReplicatedBackend({ primary: createMemoryBackend(), secondary: createMemoryBackend() }),
};

test.each(Object.keys(targets))(
  "a session that was saved 200 times since the last copy arrives at %s",
  async (name) => {
    const from = createMemoryBackend();
    const to = targets[name]?.() ?? createMemoryBackend();
    await from.create(recordOf("a"));
    await copySessions({ from, to });
    await raise(from, "a", { from: 1, to: 201 });
    expect(await copySessions({ from, to, verify: true })).toMatchObject({
      ...{ outcome: "complete", replaced: 1, verified: { different: 0 } },
    });
    expect(await to.load("a")).toEqual(await from.load("a"));
    await to.close?.();
  },
);
