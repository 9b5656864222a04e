import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { jsonCodec } from "../../../runtime/codecs/json.js";
import { openSessions } from "../../../runtime/open-sessions.js";
import { BaseSession } from "../../../runtime/session/base-session.js";
import { createTestSession } from "../../../runtime/testing/test-session.js";
import type { Shape } from "../../../runtime/types/shape.js";

interface Data {
  userId?: number;
}

class Session extends BaseSession<Data> {}

const shape: Shape = { userId: { kind: "integer" } };
const kind = {
  name: "session",
  Session,
  shape,
  shapeHash: "0",
  checkWire: () => [],
  codec: jsonCodec(shape),
};

test("gives a stored session, and the cookie that opens it", async () => {
  const sessions = openSessions(kind, { backend: createMemoryBackend() }, () => createMemoryBackend());
  const { session, cookie } = await createTestSession(sessions, { userId: 42 });
  expect(session.isNew).toBe(false);
  expect(cookie).toMatch(/^__Host-session=[\w-]{43}$/);
  const opened = await sessions.fromCookie(`theme=dark; ${cookie}`);
  expect([opened.get("userId"), opened.handle]).toEqual([42, session.handle]);
});

test("also without data", async () => {
  const sessions = openSessions(kind, { backend: createMemoryBackend() }, () => createMemoryBackend());
  const { session, cookie } = await createTestSession(sessions);
  expect((await sessions.fromCookie(cookie)).handle).toBe(session.handle);
});
