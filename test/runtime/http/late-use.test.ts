import { expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { createTestSession } from "../../../runtime/testing/index.js";
import { openShop } from "../../suites/shop-kind.js";

it("warns, once, of a session that a stream reads when its head has left", async () => {
  const warnings: string[] = [];
  const sessions = openShop(createMemoryBackend(), { logger: { warn: (text) => void warnings.push(text) } });
  const stream = async (readsFirst: boolean): Promise<readonly string[]> => {
    const session = await sessions.fromCookie(undefined);
    if (readsFirst) session.get("theme");
    const headers = await sessions.commit(session);
    session.get("theme");
    await sessions.commit(session, { headersSent: true });
    return headers.map(([name]) => name);
  };
  expect(await stream(true)).toEqual(["Vary", "Cache-Control"]);
  expect(warnings).toEqual([]);
  for (let turn = 0; turn < 2; turn += 1) expect(await stream(false)).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining("Read it before the first byte is sent")]);
});

it("a stream that was given its key before it began is for one client alone, also by a session that has a key", async () => {
  const warnings: string[] = [];
  const sessions = openShop(createMemoryBackend(), { logger: { warn: (text) => void warnings.push(text) } });
  const { cookie } = await createTestSession(sessions, { theme: "dark" });
  const session = await sessions.fromCookie(cookie);
  await session.ensureKey();
  const headers = await sessions.commit(session, { status: 200, headersSent: false });
  expect(headers.map(([name]) => name)).toEqual(["Vary", "Cache-Control"]);
  session.theme = "light";
  await sessions.commit(session, { headersSent: true });
  expect(warnings).toEqual([]);
});
