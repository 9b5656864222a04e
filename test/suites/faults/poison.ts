import { nodeSession } from "@session-gen/runtime/node";
import { describe, expect, onTestFinished, test } from "vitest";
import type { SessionsForAdapters } from "../../../runtime/http/exchange.js";
import type { SessionBackend, SessionRecord } from "../../../runtime/types/backend.js";
import type { Session } from "../../runtime/fixture/generated/index.js";
import { cookieHeader, mustLoad, type Opened, openOver, stored } from "../../runtime/fixture/open.js";
import { withFields } from "../../runtime/record/stored-bytes.js";
import { listen } from "../listen.js";
import type { PlaceBackend } from "./place.js";

/** Changes what a record holds, or says in its header. */
type Spoil = (record: SessionRecord) => Partial<Pick<SessionRecord, "header" | "data">>;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = ({ data }: SessionRecord): string => new TextDecoder().decode(data);
const rewritten =
  (from: string | RegExp, to: string): Spoil =>
  (record) => ({ data: bytes(textOf(record).replace(from, to)) });

/** A record that says in its header that it is binary, as every damaged one of another codec does. */
const binary = (record: SessionRecord): string => record.header.replace("json", "cbor");

/** The ways in which a record of the fixture's kind cannot be read. */
export const poisons: readonly (readonly [name: string, spoil: Spoil])[] = [
  ["truncated", ({ data }) => ({ data: data.subarray(0, -1) })],
  ["cut in the middle", ({ data }) => ({ data: data.subarray(0, data.length / 2) })],
  ["empty", () => ({ data: new Uint8Array() })],
  ["with something behind it", (record) => ({ data: bytes(`${textOf(record)}1`) })],
  ["twice", (record) => ({ data: bytes(textOf(record).repeat(2)) })],
  ["of no object", () => ({ data: bytes("17") })],
  ["null", () => ({ data: bytes("null") })],
  ["without meta", rewritten('"meta"', '"mete"')],
  ["with a meta that is none", rewritten(/"writes":"[^"]*"/, '"writes":[]')],
  ["without fields", rewritten('"fields"', '"field"')],
  ["with fields that are a list", () => ({ data: bytes('{"meta":{"writes":"12345678"},"fields":[]}') })],
  [
    "too deep",
    () => ({ data: bytes(`{"meta":{"writes":""},"fields":{"a":${"[".repeat(9999)}${"]".repeat(9999)}}}`) }),
  ],
  ["of another layout", ({ header }) => ({ header: header.replace("1;", "2;") })],
  ["of another codec", (record) => ({ header: binary(record) })],
  [
    "of bytes that are no text",
    (record) => ({ header: binary(record), data: Uint8Array.from([0, 255, 128, 0]) }),
  ],
  ["encrypted", ({ header }) => ({ header: header.replace(";-;-;", ";-;key1;") })],
  ["compressed", ({ header }) => ({ header: header.replace(";-;-;", ";brotli;-;") })],
  ["with a header that is none", ({ header }) => ({ header: header.slice(header.lastIndexOf(";")) })],
  ["with a field that does not validate", withFields({ visits: "many" }, "3395ceac559d3fe8")],
  [
    "with a nested field that does not",
    withFields({ cart: [{ sku: "a", quantity: 0 }] }, "3395ceac559d3fe8"),
  ],
];

/** Records that cannot be read: their users begin anew, once, and nobody else notices. */
export function poisonFaults(name: string, make: () => PlaceBackend | Promise<PlaceBackend>): void {
  describe(`${name}: poison records`, () => {
    test(`in ${poisons.length} ways give each user one fresh session; nobody else notices; scans finish`, async () => {
      const backend = await make();
      const { sessions } = openOver(backend, { clock: Date.now });
      const userId = 3_000_000 + Math.floor(Math.random() * 1_000_000);
      await visitPoisoned(sessions, userId, (handle, spoil) => spoilRecord(backend, handle, spoil));
      const found: number[] = [];
      for await (const { data } of sessions.find({ userId })) found.push(data.visits);
      expect([found, await sessions.count({ userId })]).toEqual([[12], 1]);
      expect(await scannedIds(backend)).toBeGreaterThanOrEqual(poisons.length);
      await sessions.cleanupExpired();
      expect(await sessions.revoke({ userId })).toBeGreaterThanOrEqual(1);
      const left = await backend.abilities.find.find({ field: "userId", value: userId, limit: 100 });
      expect(left.records).toEqual([]);
    });
  });
}

/** The same, as far as it goes where nothing can be found. */
export function plainPoisonFaults(name: string, make: () => SessionBackend): void {
  describe(`${name}: poison records`, () => {
    test(`in ${poisons.length} ways give each user one fresh session; nobody else notices`, async () => {
      const backend = make();
      const { sessions } = openOver(backend, { clock: Date.now });
      await visitPoisoned(sessions, 1, (handle, spoil) => spoilRecord(backend, handle, spoil));
    });
  });
}

/** Spoils a session in each way, and visits each twice; among them one that is whole. */
async function visitPoisoned(
  sessions: Pick<Opened["sessions"], "create" | "load"> & SessionsForAdapters<Session>,
  userId: number,
  spoilSession: (handle: string, spoil: Spoil) => Promise<void>,
): Promise<void> {
  const plant = async ([, spoil]: (typeof poisons)[number]): Promise<string> => {
    const key = await stored(sessions, { userId, visits: 3 });
    await spoilSession((await mustLoad(sessions, key)).handle ?? "", spoil);
    return key;
  };
  const server = await listen(
    nodeSession(sessions, (_request, response, session) => {
      session.visits += 1;
      response.end(String(session.visits));
    }),
  );
  onTestFinished(() => server.close());
  const good = await stored(sessions, { userId, visits: 10 });
  const poisoned = await Promise.all(poisons.map(plant));
  const visits = await Promise.all(poisoned.map((key) => visitTwice(server.url, key)));
  const named = visits.map((visit, index) => [poisons[index]?.[0], ...visit]);
  expect(named).toEqual(poisons.map(([way]) => [way, 200, "1", "a new cookie", 200, "2", "no new cookie"]));
  const whole = [200, "11", "no new cookie", 200, "12", "no new cookie"];
  expect(await visitTwice(server.url, good)).toEqual(whole);
}

async function spoilRecord(backend: SessionBackend, id: string, spoil: Spoil): Promise<void> {
  const record = await backend.load(id);
  if (record === null) throw new Error("there is no such record");
  const revision = record.revision + 1;
  const isSaved = await backend.save({ ...record, ...spoil(record), revision, writeId: "spoiled" });
  if (!isSaved) throw new Error("the record was not spoiled");
}

/** Two requests of one user, the second with the cookie that the first gave. */
async function visitTwice(url: string, key: string): Promise<readonly unknown[]> {
  const first = await visit(url, key);
  const second = await visit(url, first.key);
  return [...first.shown, ...second.shown];
}

async function visit(
  url: string,
  key: string,
): Promise<{ readonly shown: readonly unknown[]; readonly key: string }> {
  const response = await fetch(url, { headers: { cookie: cookieHeader(key) } });
  const given = /=([^;]+)/.exec(response.headers.getSetCookie()[0] ?? "")?.[1];
  const isNew = given !== undefined && given !== key;
  return {
    shown: [response.status, await response.text(), isNew ? "a new cookie" : "no new cookie"],
    key: given ?? key,
  };
}

async function scannedIds({ abilities }: PlaceBackend): Promise<number> {
  const ids = new Set<string>();
  let after: string | undefined;
  do {
    const page = await abilities.scan.scan(after === undefined ? { limit: 50 } : { after, limit: 50 });
    for (const { id } of page.records) ids.add(id);
    after = page.next;
  } while (after !== undefined);
  return ids.size;
}
