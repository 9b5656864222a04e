import { afterAll, describe, expect, it } from "vitest";
import { brotli } from "../../../../runtime/compression/brotli.js";
import type { KeyTexts } from "../../../../runtime/index.js";
import { openSessions } from "../../../../runtime/open-sessions.js";
import { randomText } from "../../../../runtime/platform/built-ins.js";
import { sharedServer } from "../../../servers/shared-server.js";
import { temporaryFolder } from "../../../suites/faults/temporary-folder.js";
import { type ShopSession, shopKind } from "../../../suites/shop-kind.js";
import { type RawPlace, rawPlaces } from "./raw-places.js";

const [old, next] = [randomText(32), randomText(32)];
const places = rawPlaces(temporaryFolder(), await sharedServer("redis"));

const opened: RawPlace[] = [];
afterAll(async () => {
  for (const { backend } of opened) await backend.close?.();
});

async function openPlace(make: () => Promise<RawPlace>): Promise<RawPlace> {
  const place = await make();
  opened.push(place);
  return place;
}

/** What a process with these keys makes of a place; without keys, nothing is encrypted. */
function open({ backend }: RawPlace, keys?: KeyTexts) {
  const warnings: string[] = [];
  const encryption = keys === undefined ? undefined : { keys };
  const kind = { ...shopKind, indexes: ["theme"], merge: {}, ...(encryption && { encryption }) };
  const logger = { warn: (message: string) => void warnings.push(message) };
  const sessions = openSessions<ShopSession, { theme: string }, (typeof backend)["abilities"]>(
    kind,
    { backend, logger },
    () => backend,
  );
  return { sessions, warnings };
}

type Opened = ReturnType<typeof open>["sessions"];

async function store(sessions: Opened, theme: string): Promise<ShopSession> {
  const session = sessions.create({ theme, cart: [{ sku: "canary-sku", quantity: 1 }] });
  await session.save();
  return session;
}

async function themes(sessions: Opened, theme: string): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const { data } of sessions.find({ theme })) found.push(data.theme);
  return found;
}

describe.each(Object.entries(places))("encrypted sessions in %s", (_name, make) => {
  it("are nowhere to be read, nor what they are found by", async () => {
    const place = await openPlace(make);
    const plain = await store(open(place).sessions, "canary-theme");
    for (const canary of ["canary-theme", "canary-sku"])
      expect((await place.raw()).includes(canary)).toBe(true);
    const other = await openPlace(make);
    const { sessions } = open(other, old);
    const session = await store(sessions, "canary-theme");
    session.update({ visits: 1 });
    await session.save();
    await session.cycleKey();
    const raw = await other.raw();
    expect(raw.includes(session.handle ?? "")).toBe(true);
    for (const canary of ["canary-theme", "canary-sku", plain.key ?? "", session.key ?? "", old])
      expect(raw.includes(canary)).toBe(false);
  });

  it("live on while keys take turns, and are written with the first at their next save", async () => {
    const place = await openPlace(make);
    const session = await store(open(place, old).sessions, "dark");
    const keyIdOf = async () => (await place.backend.load(session.handle ?? ""))?.header.split(";")[3];
    const before = await keyIdOf();
    for (const keys of [[old, next], [next, old], `${next},${old}`]) {
      expect((await open(place, keys).sessions.load(session.key ?? ""))?.theme).toBe("dark");
    }
    expect(await keyIdOf()).toBe(before);
    const later = await open(place, [next, old]).sessions.load(session.key ?? "");
    later?.update({ visits: 2 });
    await later?.save();
    expect(await keyIdOf()).not.toBe(before);
    expect((await open(place, next).sessions.load(session.key ?? ""))?.visits).toBe(2);
    const retired = open(place, old);
    expect(await retired.sessions.load(session.key ?? "")).toBeNull();
    expect(retired.warnings.join()).toMatch(/key [\w-]{8} is not among the keys/);
  });

  it("are found, counted and ended whichever key they were written with", async () => {
    const place = await openPlace(make);
    await store(open(place, old).sessions, "dark");
    await store(open(place, [old, next]).sessions, "light");
    const kept = await store(open(place, [next, old]).sessions, "dark");
    const light = await store(open(place, [next, old]).sessions, "light");
    for (const keys of [
      [old, next],
      [next, old],
    ]) {
      const { sessions } = open(place, keys);
      expect(await themes(sessions, "dark")).toEqual(["dark", "dark"]);
      expect([await sessions.count({ theme: "dark" }), await sessions.count()]).toEqual([2, 4]);
      expect(await sessions.count({ theme: "dark", handle: kept.handle ?? "" })).toBe(1);
      expect(await sessions.count({ theme: "canary" })).toBe(0);
    }
    const { sessions } = open(place, [old, next]);
    expect(await sessions.revoke({ theme: "dark" }, { except: kept })).toBe(1);
    expect(await themes(sessions, "dark")).toEqual(["dark"]);
    expect([await sessions.revokeAll(), await sessions.exists(light.key ?? "")]).toEqual([3, false]);
  });

  it("are ended also where a process that has the keys in another order writes them meanwhile", async () => {
    const place = await openPlace(make);
    const { key } = await store(open(place, [next, old]).sessions, "dark");
    let meanwhile = async (): Promise<unknown> => {
      meanwhile = async () => undefined;
      const session = await open(place, [old, next]).sessions.open(key ?? "");
      session.visits += 1;
      return session.save();
    };
    const { abilities } = place.backend;
    const find: typeof abilities.find = {
      find: async (query) => {
        const page = await abilities.find.find(query);
        await meanwhile();
        return page;
      },
    };
    const watched = { ...place, backend: { ...place.backend, abilities: { ...abilities, find } } };
    expect(await open(watched, [next, old]).sessions.revoke({ theme: "dark" })).toBe(1);
    expect(await open(place, [next, old]).sessions.load(key ?? "")).toBeNull();
  });

  it("do not open in each other's place", async () => {
    const place = await openPlace(make);
    const { sessions, warnings } = open(place, old);
    const [one, two] = [await store(sessions, "mine"), await store(sessions, "theirs")];
    const records = await Promise.all([one, two].map(({ handle }) => place.backend.load(handle ?? "")));
    const [mine, theirs] = records;
    if (!mine || !theirs) throw new Error("there are no records");
    await place.backend.save({ ...theirs, id: mine.id, revision: mine.revision + 1, writeId: "swapped" });
    expect(await sessions.load(one.key ?? "")).toBeNull();
    expect((await sessions.open(one.key ?? "")).isNew).toBe(true);
    expect((await sessions.load(two.key ?? ""))?.theme).toBe("theirs");
    expect(warnings[0]).toContain("belong to another one");
    expect(warnings.join()).not.toContain("theirs");
  });

  it("are compressed first, when the schema says so", async () => {
    const place = await openPlace(make);
    const { backend } = place;
    const kind = { ...shopKind, indexes: [], merge: {}, compression: brotli(), encryption: { keys: old } };
    const sessions = openSessions(kind, { backend, logger: { warn: () => undefined } }, () => backend);
    const cart = Array.from({ length: 100 }, (_, quantity) => ({ sku: "canary-sku", quantity }));
    const session = sessions.create({ cart });
    await session.save();
    const record = await backend.load(session.handle ?? "");
    expect(record?.header).toMatch(/^1;json;brotli;[\w-]{8};shop;session$/);
    expect(record?.data.length).toBeLessThan(1000);
    expect((await sessions.load(session.key ?? ""))?.cart).toEqual(cart);
  });
});
