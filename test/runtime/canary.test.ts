import { inspect } from "node:util";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { type FailingPlan, failingBackend } from "@session-gen/runtime/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSessions, type Session, type SessionPatch } from "./fixture/generated/index.js";
import { cookieHeader, mustLoad, openOver, stored } from "./fixture/open.js";
import { openKind, withFields } from "./record/stored-bytes.js";

/** What must never be heard of: in values, and as the member names of a record, which are values too. */
const payload = "canary-payload-5e1f";
const wrong = (value: unknown): never => value as never;

const secrets = new Set<string>();
const heard: string[] = [];

function hear(value: unknown): void {
  heard.push(String(value), inspect(value, { depth: 9, showHidden: true }));
  heard.push(
    inspect(value, { depth: 9, showProxy: true }),
    inspect(value, { depth: 9, customInspect: false }),
  );
  heard.push(JSON.stringify(value) ?? "");
  if (!(value instanceof Error)) return;
  heard.push(value.message, value.stack ?? "", JSON.stringify({ ...value }));
  if (value.cause !== undefined) hear(value.cause);
}

/** Hears what comes of a path, which has to fail unless it is said to be fine. */
async function fails(code: string, path: () => unknown): Promise<void> {
  const error = await Promise.resolve()
    .then(path)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toMatchObject({ code });
  hear(error);
}

function keep(session: Session): Session {
  if (session.key !== null) secrets.add(session.key);
  return session;
}

const methods = ["log", "info", "warn", "error", "debug", "trace"] as const;
const onWarning = (warning: Error) => hear(warning);

beforeEach(() => {
  secrets.clear();
  secrets.add(payload);
  heard.length = 0;
  for (const method of methods) vi.spyOn(console, method).mockImplementation((...said) => hear(said));
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((chunk) => heard.push(String(chunk)) > 0);
  process.on("warning", onWarning);
});

afterEach(() => {
  vi.restoreAllMocks();
  process.off("warning", onWarning);
  const all = heard.join("\n");
  expect(all.length).toBeGreaterThan(100);
  for (const secret of secrets) expect(all.split(secret, 1)[0]).toBe(all);
});

const bad: readonly [string, SessionPatch][] = [
  ["too long", { name: payload.repeat(9) }],
  ["of another type", { userId: wrong(payload) }],
  ["no member of its enum", { theme: wrong(payload) }],
  ["a date that is text", { lastSeen: wrong(payload) }],
  ["bytes that are text", { picture: wrong(payload) }],
  ["a nested one", { cart: [{ sku: payload, quantity: wrong(payload) }] }],
  ["no member of its union", { choice: wrong({ b: payload }) }],
  ["in a union with dates", { mixed: wrong({ a: { b: payload } }) }],
  ["a lone surrogate", { tags: [`${payload}\uD800`] }],
  ["under a name of a record", { counts: { [payload]: wrong(payload) } }],
];

test.each(bad)("a value that is refused: %s", async (_name, patch) => {
  const { sessions, warnings } = openOver(createMemoryBackend());
  const session = await mustLoad(sessions, await stored(sessions));
  keep(session).update(patch);
  await fails("invalid", () => session.save());
  await fails("invalid", () => sessions.commit(session));
  hear(warnings);
});

describe("a stored value that is refused", () => {
  test.each(bad)("%s", async (_name, patch) => {
    for (const onInvalid of ["reset", "throw", "drop-field"] as const) {
      const { sessions, plant, warnings } = openKind({ onInvalid, redact: ["secret"] });
      const json = JSON.parse(JSON.stringify(patch).replace("lastSeen", "visits"));
      const key = await plant({ userId: 1, secret: payload }, withFields(json));
      secrets.add(key);
      hear(await sessions.load(key).catch((error: unknown) => error));
      hear(await sessions.revokeAll());
      hear(warnings);
    }
  });

  test("bytes that are damaged", async () => {
    const { sessions, plant, warnings } = openKind();
    const key = await plant({}, () => ({ data: new TextEncoder().encode(`{"${payload}":"${payload}`) }));
    secrets.add(key);
    hear(await sessions.fromCookie(cookieHeader(key)));
    expect(warnings).toHaveLength(1);
    hear(warnings);
  });
});

test("sessions that are shown, also of a request that failed", async () => {
  const { sessions } = openOver(createMemoryBackend());
  const session = sessions.create({ userId: 1, secret: payload });
  hear(session);
  await session.save();
  const request = {};
  const loaded = await sessions.fromCookie(cookieHeader(keep(session).key ?? ""), request);
  for (const shown of [session, loaded, sessions, request, { session: [loaded] }]) hear(shown);
  for (const method of methods) console[method]("a session:", loaded, request);
  process.emitWarning(inspect(loaded));
  hear(`${loaded.handle} ${Object.keys(loaded)} ${JSON.stringify({ ...loaded })}`);
});

test("whatever becomes of a session", async () => {
  const plan: FailingPlan = {};
  const backend = failingBackend(createMemoryBackend(), plan);
  const sessions = createSessions({ backend, deadline: 0.01 });
  const open = async () =>
    keep(await mustLoad(sessions, await stored(sessions, { userId: 1, secret: payload })));
  const change = (session: Session) => Object.assign(session, { name: payload, draft: payload });

  for (const failure of ["reject", "hang", "lose-answer"] as const) {
    const session = change(await open());
    const code = failure === "hang" ? "timeout" : "unavailable";
    for (const method of ["load", "save", "touch", "delete", "create", "exists", "find", "scan"] as const)
      plan[method] = failure;
    await fails(code, () => session.save());
    await fails(code, () => session.cycleKey());
    await fails(code, () => sessions.load(session.key ?? ""));
    await fails(code, () => sessions.fromCookie(cookieHeader(session.key ?? "")));
    await fails(code, () => sessions.create({ secret: payload }).save());
    await fails(code, () => sessions.revoke({ userId: 1 }));
    await fails(code, () => sessions.delete(session.key ?? ""));
    await fails(code, () => session.destroy());
    hear(session);
    for (const method of Object.keys(plan)) Reflect.deleteProperty(plan, method);
  }

  const [mine, other] = [await open(), await open()];
  const twin = await mustLoad(sessions, mine.key ?? "");
  await change(twin).save();
  await fails("conflict", () => change(mine).set("draft", `${payload}2`) ?? mine.save());
  await sessions.delete(other.key ?? "");
  await fails("gone", () => change(other).save());
  await fails("gone", () => other.set("name", payload));
  await fails("invalid", () => twin.setExpiry(wrong(payload)));
  await fails("invalid", () => sessions.count(wrong({ userId: payload })));
  await fails("invalid", () => sessions.count(wrong({ handle: { [payload]: payload } })));
  hear(await sessions.load(payload));
  const found = await sessions.fromCookie(
    `__Host-session=${payload}; __Host-session=${mine.key}; ${payload}`,
  );
  hear([found.handle, found.isNew, found.keys()]);
});
