import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { expect, test } from "vitest";
import { surround } from "../../runtime/backends/layer.js";
import { mustLoad, openOver, stored } from "./fixture/open.js";

test("a device is signed out also while it changes its key", async () => {
  const backend = createMemoryBackend();
  const rival = openOver(backend).sessions;
  const key = await stored(rival, { userId: 1 });
  const session = await mustLoad(rival, key);
  const handle = session.handle ?? "";
  let isRotated = false;
  // The key changes after the record was read, and before it is removed.
  const { sessions } = openOver(
    surround(backend, async (method, call, options) => {
      const answer = await call(options);
      if (method === "load" && !isRotated) {
        isRotated = true;
        await session.cycleKey();
      }
      return answer;
    }),
  );
  expect(await sessions.revoke({ handle })).toBe(1);
  expect(isRotated).toBe(true);
  expect(await rival.exists(session.key ?? "")).toBe(false);
  expect(await rival.count()).toBe(0);
});

test("a device counts as signed out when a rotation has removed the mark of that first", async () => {
  const backend = createMemoryBackend();
  const key = await stored(openOver(backend).sessions, { userId: 1 });
  const { sessions } = openOver(
    surround(backend, async (method, call, options) => {
      const answer = await call(options);
      // What a rotation does that finds its new record ended.
      if (method === "save") await backend.delete(handle);
      return answer;
    }),
  );
  const handle = (await mustLoad(sessions, key)).handle ?? "";
  expect(await sessions.revoke({ handle })).toBe(1);
  expect(await sessions.delete(key)).toBe(false);
});
