import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  env,
  openSessions,
  type SessionBackend,
  type SessionKind,
  type SessionsOptions,
} from "@session-gen/runtime";
import { createDatabaseBackend } from "@session-gen/runtime/backends/database";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { jsonCodec } from "@session-gen/runtime/codecs/json";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSessions, Session } from "./fixture/generated/index.js";
import { shape } from "./fixture/generated/shape.js";
import { checkWire } from "./fixture/generated/validate.js";
import { stored } from "./fixture/open.js";

const kind: SessionKind<Session> = {
  name: "session",
  Session,
  shape,
  shapeHash: "sharing",
  checkWire,
  codec: jsonCodec(shape),
};

/** Sessions over a memory that says when it is closed. */
function openWatched(overrides: Partial<SessionKind<Session>> = {}, place: string | undefined = "memory") {
  const close = vi.fn(async () => {});
  const { place: _place, ...memory } = createMemoryBackend();
  const backend: SessionBackend = { ...memory, close, ...(place !== "" && { place }) };
  const options: SessionsOptions = { logger: { warn: () => {} } };
  return { close, sessions: openSessions(Object.assign({}, kind, overrides), options, () => backend) };
}

const opened: { close(): Promise<void> }[] = [];
function opening<T extends { readonly sessions: { close(): Promise<void> } }>(made: T): T {
  opened.push(made.sessions);
  return made;
}

beforeEach(() => void vi.stubEnv("NODE_ENV", "development"));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sessions) => sessions.close()));
  vi.unstubAllEnvs();
});

describe("outside production", () => {
  test.each(["development", "test", ""])("repeated calls share memory (NODE_ENV %j)", async (environment) => {
    vi.stubEnv("NODE_ENV", environment);
    const first = createSessions();
    const second = createSessions();
    const key = await stored(first);
    expect(await second.exists(key)).toBe(true);
    await first.close();
    expect(await second.exists(key)).toBe(true);
    await second.close();
    await expect(second.exists(key)).rejects.toMatchObject({ code: "unavailable" });
    const third = createSessions();
    expect(await third.exists(key)).toBe(false);
    await third.close();
  });

  test("close() closes what nobody else has, once, however often it is called", async () => {
    const first = opening(openWatched());
    const second = opening(openWatched());
    await first.sessions.close();
    await first.sessions.close();
    expect(first.close).not.toHaveBeenCalled();
    await second.sessions.close();
    await second.sessions.close();
    expect([first.close.mock.calls.length, second.close.mock.calls.length]).toEqual([1, 0]);
  });

  test.each([
    ["another name", openWatched.bind(null, { name: "adminSession" })],
    ["another shape", openWatched.bind(null, { shapeHash: "changed" })],
    ["another place", openWatched.bind(null, {}, "/elsewhere.sqlite")],
    ["a place that is not known", openWatched.bind(null, {}, "")],
  ])("%s is not shared", async (_name, openOther) => {
    const first = opening(openWatched());
    const other = opening(openOther());
    const key = await stored(first.sessions);
    expect(await other.sessions.exists(key)).toBe(false);
    await other.sessions.close();
    expect([first.close.mock.calls.length, other.close.mock.calls.length]).toEqual([0, 1]);
  });

  test("a backend that was given is neither shared nor closed", async () => {
    const backend = createMemoryBackend();
    const given = createSessions({ backend });
    const own = opening({ sessions: createSessions() }).sessions;
    const key = await stored(given);
    expect(await own.exists(key)).toBe(false);
    await given.close();
    expect(await createSessions({ backend }).exists(key)).toBe(true);
  });
});

describe("in production", () => {
  beforeEach(() => void vi.stubEnv("NODE_ENV", "production"));

  test("each call has its own memory, and closes it", async () => {
    const first = opening(openWatched());
    const second = opening(openWatched());
    const key = await stored(first.sessions);
    expect(await second.sessions.exists(key)).toBe(false);
    await first.sessions.close();
    expect([first.close.mock.calls.length, second.close.mock.calls.length]).toEqual([1, 0]);
  });

  test("that it forgets at restart is said once", () => {
    const warn = vi.fn();
    const forgetful: SessionKind<Session> = { ...kind, name: "forgetful" };
    for (let time = 0; time < 3; time += 1)
      opening({ sessions: openSessions(forgetful, { logger: { warn } }, () => createMemoryBackend()) });
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/forgetful.*forgotten at restart/)]]);
  });
});

describe("before first use or ready()", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "session-gen-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const openDatabase = (options: SessionsOptions = {}) =>
    opening({
      // Its packages are loaded at first use, which may take long on a busy machine.
      sessions: openSessions({ ...kind, deadline: "20s" }, options, () =>
        createDatabaseBackend({ dialect: "sqlite", url: env("SHARING_TEST_URL") }),
      ),
    }).sessions;

  test("no environment is read and nothing is opened", async () => {
    const sessions = openDatabase({ cookie: { domain: env("SHARING_TEST_DOMAIN") } });
    const session = sessions.create({ name: "a" });
    expect(session.name).toBe("a");
    const file = join(directory, "late.sqlite");
    expect(existsSync(file)).toBe(false);
    vi.stubEnv("SHARING_TEST_DOMAIN", "example.com");
    vi.stubEnv("SHARING_TEST_URL", file);
    // The file is opened; that its table is missing is the next thing to be said.
    await expect(sessions.ready()).rejects.toMatchObject({ code: "config" });
    expect(existsSync(file)).toBe(true);
  });

  test.each([
    ["SHARING_TEST_URL", {}],
    ["SHARING_TEST_DOMAIN", { cookie: { domain: env("SHARING_TEST_DOMAIN") } }],
  ] as const)("ready() says that %s is not set", async (name, options) => {
    const sessions = openDatabase(options);
    await expect(sessions.ready()).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining(name),
    });
    await expect(sessions.fromCookie(`__Host-session=${"a".repeat(43)}`)).rejects.toMatchObject({
      code: "config",
    });
  });

  test("the backend is asked for nothing", async () => {
    const calls: string[] = [];
    const memory = createMemoryBackend();
    const backend = new Proxy(memory, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        return typeof value === "function" ? () => void calls.push(String(name)) : value;
      },
    });
    const sessions = createSessions({ backend });
    sessions.create({ name: "a" });
    await sessions.commit(await sessions.fromCookie(undefined));
    expect(calls).toEqual([]);
  });
});
