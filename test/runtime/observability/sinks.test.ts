import { inspect } from "node:util";
import pino from "pino";
import { Registry } from "prom-client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import type { SessionEvent, SessionSink } from "../../../runtime/index.js";
import { createLogSink } from "../../../runtime/observability/log.js";
import { type FailingPlan, failingBackend } from "../../../runtime/testing/index.js";
import { openShop } from "../../suites/shop-kind.js";
import { createSessions } from "../fixture/generated/index.js";
import { mustLoad } from "../fixture/open.js";
import { createScraped } from "./scraped.js";

afterEach(() => void vi.restoreAllMocks());

/** Everything that a sink can be told, in turn. */
async function liveThrough(sinks: readonly SessionSink[]) {
  const plan: FailingPlan = {};
  const sessions = createSessions({
    backend: failingBackend(createMemoryBackend(), plan),
    sinks,
    logger: { warn: () => undefined },
  });
  const session = sessions.create({ userId: 1, name: payload, secret: payload });
  await session.save();
  const { key = "", handle = "" } = { key: session.key ?? "", handle: session.handle ?? "" };
  const twin = await mustLoad(sessions, key);
  session.draft = payload;
  await session.save();
  twin.draft = "other";
  await twin.save().catch(() => undefined);
  await sessions.load("A".repeat(43));
  plan.load = { reject: new Error(`driver says ${payload} of ${key}`) };
  await sessions.load(key).catch(() => undefined);
  plan.load = "pass";
  await session.destroy();
  return { key, handle };
}

const payload = "canary-payload-7b2d";

/** Every line of a pino logger, as data. */
function createPinoLog(level: string) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { lines, logger };
}

describe("the log sink", () => {
  it("gives pino an object and a message", async () => {
    const { lines, logger } = createPinoLog("debug");
    const { handle } = await liveThrough([createLogSink({ logger })]);
    expect(lines[0]).toMatchObject({ level: 20 + 10, kind: "session", type: "created", handle });
    expect(lines[0]).toMatchObject({ msg: "session created" });
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 50,
        type: "backend-error",
        operation: "load",
        code: "unavailable",
        msg: "session backend failed in load: unavailable",
      }),
    );
    expect(lines.at(-1)).toMatchObject({ type: "deleted", reason: "flushed", msg: "session flushed" });
  });

  it("leaves what every request does to the level debug", async () => {
    const { lines, logger } = createPinoLog("info");
    await liveThrough([createLogSink({ logger })]);
    expect(lines.map(({ type }) => type)).toEqual(["created", "conflict", "backend-error", "deleted"]);
  });

  it("writes one readable line to the console", async () => {
    const lines: unknown[][] = [];
    for (const method of ["debug", "info", "error"] as const)
      vi.spyOn(console, method).mockImplementation((...said) => void lines.push(said));
    const { handle } = await liveThrough([createLogSink()]);
    expect(lines.every((said) => said.length === 1)).toBe(true);
    const texts = lines.map(([line]) => String(line).replace(/\d+\.\d+ ms|\d+ bytes/, "N"));
    expect(texts).toEqual([
      `session created (${handle})`,
      `session saved, N (${handle})`,
      `session found in N (${handle})`,
      `session saved, N (${handle})`,
      `session written by two requests at once, retried (${handle})`,
      `session written by two requests at once, refused (${handle})`,
      "session not found in N",
      "session backend failed in load: unavailable",
      `session flushed (${handle})`,
    ]);
  });

  it("leaves out what the logger has no method for", async () => {
    const info = vi.fn();
    await liveThrough([createLogSink({ logger: { warn: () => undefined, info } })]);
    expect(info.mock.calls.map(([event]) => event.type)).toEqual(["created", "conflict", "deleted"]);
  });
});

it("nothing that a sink is told, writes or counts holds a key or a value", async () => {
  const { lines, logger } = createPinoLog("trace");
  const scraped = createScraped();
  const events: SessionEvent[] = [];
  const sinks = [(event: SessionEvent) => events.push(event), createLogSink({ logger }), scraped.sink];
  const { key, handle } = await liveThrough(sinks);
  const metrics = await scraped.registry.metrics();
  const said = `${JSON.stringify(lines)}${inspect(events, { depth: 9 })}${metrics}`;
  expect(events.length).toBeGreaterThan(7);
  expect(said).toContain(handle);
  for (const secret of [key, payload]) expect(said).not.toContain(secret);
  expect(metrics).not.toContain(handle);
});

describe("several sinks", () => {
  it("are told the same events in the same order, whatever one of them does to them", async () => {
    const first: string[] = [];
    const second: string[] = [];
    const sinks: readonly SessionSink[] = [
      (event) => {
        first.push(event.type);
        Object.assign(event, { type: "changed" });
      },
      { note: ({ type }) => second.push(type) },
    ];
    await liveThrough(sinks);
    expect(second.length).toBeGreaterThan(7);
    expect(second).toEqual(first);
  });

  it("may write to the very session that it hears of: each change is made once", async () => {
    let heard = 0;
    const sink: SessionSink = ({ type }) => {
      if (type !== "saved") return undefined;
      heard += 1;
      if (heard === 1) session.visits += 10;
      return heard === 1 ? session.save() : undefined;
    };
    const backend = createMemoryBackend();
    const key = await openShop(backend).create({ visits: 1 }).ensureKey();
    const sessions = openShop(backend, { sinks: [sink] });
    const session = await sessions.open(key);
    session.visits += 1;
    await session.save();
    await session.save();
    expect((await sessions.load(key))?.visits).toBe(12);
  });

  it("cannot keep a logout from being final, not even with a logger that fails too", async () => {
    const broken = () => {
      throw new Error("broken");
    };
    const sessions = openShop(createMemoryBackend(), { sinks: [broken], logger: { warn: broken } });
    const session = sessions.create({ visits: 1 });
    await session.save();
    const key = session.key ?? "";
    await session.destroy();
    expect(await sessions.load(key)).toBeNull();
  });
});

describe("prom-client that is missing", () => {
  it("is told of in one line, once; the sessions work", async () => {
    vi.resetModules();
    vi.doMock("prom-client", () => {
      throw new Error("never loaded");
    });
    // Anew, since they share the class of errors.
    const { openShop: openAnew } = await import("../../suites/shop-kind.js");
    const { createPrometheusSink } = await import("../../../runtime/observability/prometheus.js");
    const warnings: string[] = [];
    const sink = createPrometheusSink({ registry: new Registry() });
    const sessions = openAnew(createMemoryBackend(), {
      sinks: [sink],
      logger: { warn: (message) => warnings.push(message) },
    });
    for (let count = 0; count < 3; count += 1) await sessions.create({ visits: 1 }).save();
    await expect(sessions.ready()).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(
        /^The package prom-client .*; analytics: \{ prometheus: true \} needs it: npm install prom-client$/,
      ),
    });
    expect(warnings).toEqual([expect.stringContaining("npm install prom-client")]);
    vi.doUnmock("prom-client");
  });
});
