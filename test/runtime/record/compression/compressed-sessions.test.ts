import { join } from "node:path";
import type { Compression, SessionBackend } from "@session-gen/runtime";
import { createCacheBackend } from "@session-gen/runtime/backends/cache";
import { createCachedBackend } from "@session-gen/runtime/backends/cached";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { createReplicatedBackend } from "@session-gen/runtime/backends/replicated";
import { brotli } from "@session-gen/runtime/compression/brotli";
import { gzip } from "@session-gen/runtime/compression/gzip";
import { zstd } from "@session-gen/runtime/compression/zstd";
import Keyv from "keyv";
import { afterAll, describe, expect, it } from "vitest";
import { openSessions } from "../../../../runtime/open-sessions.js";
import type { Sessions } from "../../../../runtime/sessions.js";
import { sharedServer } from "../../../servers/shared-server.js";
import { createPlace } from "../../../suites/faults/place.js";
import { temporaryFolder } from "../../../suites/faults/temporary-folder.js";
import { type ShopSession, shopKind } from "../../../suites/shop-kind.js";

const folder = temporaryFolder();
const redis = await sharedServer("redis");

const algorithms: Readonly<Record<string, (threshold?: number) => Compression>> = {
  brotli: (threshold = 512) => brotli({ threshold }),
  gzip: (threshold = 512) => gzip({ threshold }),
  zstd: (threshold = 512) => zstd({ threshold }),
};

const inMemory = (): SessionBackend => createMemoryBackend();
const inFiles = (): Promise<SessionBackend> => createPlace("file", join(folder, crypto.randomUUID()));

const places: Readonly<Record<string, () => SessionBackend | Promise<SessionBackend>>> = {
  memory: inMemory,
  cache: () => createCacheBackend({ cache: new Keyv() }),
  files: inFiles,
  SQLite: () => createPlace("sqlite", join(folder, `${crypto.randomUUID()}.sqlite`)),
  Redis: () => createPlace("redis", redis),
  "files behind a cache": async () => createCachedBackend({ cache: inMemory(), store: await inFiles() }),
  "files with a copy": async () =>
    createReplicatedBackend({ primary: await inFiles(), secondary: await inFiles(), mode: "sync" }),
};

const backends: SessionBackend[] = [];
afterAll(async () => {
  for (const backend of backends) await backend.close?.();
});

/** What a process makes of the backend: as `memory`, it may have what another one wrote. */
function open(backend: SessionBackend, compression?: Compression): Sessions<ShopSession> {
  const kind = { ...shopKind, ...(compression && { compression }) };
  const logger = { warn: () => undefined };
  return openSessions(kind, { backend, logger }, () => backend);
}

const short = "a session of many words, a session of few words. ".repeat(6);
const text = "a session of many words, and of few different ones. ".repeat(40);

async function store(sessions: Sessions<ShopSession>, theme: string): Promise<ShopSession> {
  const session = sessions.create({ theme, userId: 7 });
  await session.save();
  return session;
}

/** How the record of a session says it is compressed. */
async function compressionOf(backend: SessionBackend, { handle }: ShopSession): Promise<string | undefined> {
  return (await backend.load(handle ?? ""))?.header.split(";")[2];
}

describe.each(Object.entries(algorithms))("sessions compressed with %s", (name, create) => {
  it.each(Object.entries(places))("are kept, changed and found in %s", async (_place, make) => {
    const backend = await make();
    backends.push(backend);
    const session = await store(open(backend, create()), text);
    expect(await compressionOf(backend, session)).toBe(name);
    const again = await open(backend, create()).load(session.key ?? "");
    expect([again?.theme, again?.userId]).toEqual([text, 7]);
    again?.update({ theme: `${text}!` });
    await again?.save();
    await session.reload();
    expect(session.theme).toBe(`${text}!`);
    await session.cycleKey();
    expect((await open(backend).load(session.key ?? ""))?.theme).toBe(`${text}!`);
  });

  it("are left as they are below the threshold", async () => {
    const backend = createMemoryBackend();
    expect(await compressionOf(backend, await store(open(backend, create()), short))).toBe("-");
    expect(await compressionOf(backend, await store(open(backend, create(4000)), text))).toBe("-");
    expect(await compressionOf(backend, await store(open(backend, create(0)), short))).toBe(name);
  });

  it("that shrink more than is believed are stored as they are, and read", async () => {
    const backend = createMemoryBackend();
    const session = await store(open(backend, create()), "x".repeat(1_000_000));
    expect(await compressionOf(backend, session)).toBe("-");
    expect((await open(backend, create()).load(session.key ?? ""))?.theme?.length).toBe(1_000_000);
  });

  it.each(
    [undefined, ...Object.values(algorithms)].map((now) => [now?.().algorithm ?? "none", now] as const),
  )("are read once the schema says %s, and written so at their next save", async (after, now) => {
    const backend = createMemoryBackend();
    const session = await store(open(backend, create()), text);
    const later = await open(backend, now?.()).load(session.key ?? "");
    expect(later?.theme).toBe(text);
    later?.update({ visits: 1 });
    await later?.save();
    expect(await compressionOf(backend, session)).toBe(after === "none" ? "-" : after);
    expect((await open(backend, create()).load(session.key ?? ""))?.visits).toBe(1);
  });

  it("are read as their header says and in no other way", async () => {
    const others = ["-", ...Object.keys(algorithms), "lz4", ""].filter((other) => other !== name);
    for (const other of others) {
      const backend = createMemoryBackend();
      const sessions = open(backend, create());
      const session = await store(sessions, text);
      const record = await backend.load(session.handle ?? "");
      if (record === null) throw new Error("there is no record");
      const header = record.header.replace(`;${name};`, `;${other};`);
      await backend.save({ ...record, header, revision: 2, writeId: "changed" });
      expect(await sessions.load(session.key ?? ""), other).toBeNull();
    }
  });
});
