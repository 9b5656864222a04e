import * as zlib from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionBackend } from "../../../../runtime/index.js";
import type { Sessions } from "../../../../runtime/sessions.js";
import type { ShopSession } from "../../../suites/shop-kind.js";

/** From Node 22.15 on nothing is to be loaded. */
const isNodesOwn = "zstdCompressSync" in zlib;

const text = "a session of many words, and of few different ones. ".repeat(40);
const zstdPackage = "@bokuweb/zstd-wasm";

beforeEach(() => vi.resetModules());
afterEach(() => void vi.doUnmock(zstdPackage));

type Present = "zstd" | "gzip";

/** As in a process that has just begun. */
async function open(backend: SessionBackend, present: Present): Promise<Sessions<ShopSession>> {
  vi.resetModules();
  const { openSessions } = await import("../../../../runtime/open-sessions.js");
  const { shopKind } = await import("../../../suites/shop-kind.js");
  const { zstd } = await import("../../../../runtime/compression/zstd.js");
  const { gzip } = await import("../../../../runtime/compression/gzip.js");
  const kind = { ...shopKind, compression: present === "zstd" ? zstd() : gzip() };
  return openSessions(kind, { backend, logger: { warn: () => undefined } }, () => backend);
}

/** A backend that other processes may have written to. */
async function openPlace(): Promise<SessionBackend> {
  const { createMemoryBackend } = await import("../../../../runtime/backends/memory.js");
  const { isInProcess: _isInProcess, loadNow: _loadNow, place: _place, ...backend } = createMemoryBackend();
  return backend;
}

async function store(sessions: Sessions<ShopSession>): Promise<ShopSession> {
  const session = sessions.create({ theme: text });
  await session.save();
  return session;
}

describe("the package for zstd, where Node has none,", () => {
  it("is loaded at first use, for the first write and for the first read", async () => {
    const backend = await openPlace();
    const session = await store(await open(backend, "zstd"));
    expect((await backend.load(session.handle ?? ""))?.header).toContain(";zstd;");
    expect((await (await open(backend, "zstd")).load(session.key ?? ""))?.theme).toBe(text);
  });

  it("is loaded for records from before the schema chose another", async () => {
    const backend = await openPlace();
    const session = await store(await open(backend, "zstd"));
    expect((await (await open(backend, "gzip")).load(session.key ?? ""))?.theme).toBe(text);
  });

  it("is asked for in one line when it is missing, by ready() and at first use", async () => {
    const place = await openPlace();
    forbidPackage();
    const [sessions, others] = [await open(place, "zstd"), await open(place, "zstd")];
    const problem = await sessions.ready().catch((error: unknown) => error);
    const late = await store(others).catch((error: unknown) => error);
    const line =
      'compression: { algorithm: "zstd" } before Node 22.15 needs it: npm install @bokuweb/zstd-wasm';
    const refused = expect.objectContaining({ code: "config", message: expect.stringContaining(line) });
    expect(problem).toEqual(isNodesOwn ? undefined : refused);
    expect(late).toEqual(isNodesOwn ? expect.objectContaining({ isNew: false }) : refused);
  });

  it("is not missed by who does not use it", async () => {
    const place = await openPlace();
    forbidPackage();
    const sessions = await open(place, "gzip");
    await sessions.ready();
    const session = await store(sessions);
    expect((await (await open(place, "gzip")).load(session.key ?? ""))?.theme).toBe(text);
  });
});

function forbidPackage(): void {
  vi.doMock(zstdPackage, () => {
    throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
  });
}
