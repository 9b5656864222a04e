import { createCacheBackend } from "@session-gen/runtime/backends/cache";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { Keyv } from "keyv";
import { expect, test } from "vitest";
import type { SessionBackend } from "../../runtime/types/backend.js";
import { createSessions } from "../golden/generated/cookie-revocable/expected/generated/index.js";

const backends: Readonly<Record<string, () => SessionBackend>> = {
  "finds sessions": () => createMemoryBackend(),
  "finds nothing": () => createCacheBackend({ cache: new Keyv() }),
};

test.each(Object.entries(backends))(
  "sessions of a seal that are kept in a backend which %s have the methods of their type",
  async (_name, make) => {
    const sessions = createSessions({ backend: make() });
    const [one, other] = [sessions.create({ userId: 1 }), sessions.create({ userId: 1 })];
    await one.save();
    await other.save();
    expect(await sessions.revoke({ handle: one.handle ?? "" })).toBe(1);
    expect(await sessions.revoke({ handle: one.handle ?? "" })).toBe(0);
    expect(await sessions.load(one.key ?? "")).toBeNull();
    expect(await sessions.delete(other.key ?? "")).toBe(true);
    // @ts-expect-error without types it may be nothing at all
    await expect(sessions.revoke({})).rejects.toMatchObject({ code: "invalid" });
    // @ts-expect-error nothing is indexed under a seal
    await expect(sessions.revoke({ userId: 1 })).rejects.toMatchObject({ code: "invalid" });
    await sessions.close();
  },
);
