import { expect, test } from "vitest";
import type { FieldModel, KindModel } from "../../../generator/model/model.js";
import { inParallel } from "../faults/in-parallel.js";
import { type CodeVersion, codeVersions, type EvolvingCodec } from "./code-version.js";
import { type Deployment, deploy, type SharedBackend } from "./deployment.js";

const text: KindModel = { type: "string" };
const integer: KindModel = { type: "integer" };
const texts: KindModel = { type: "array", items: text };
const oneOf = (...values: readonly string[]): KindModel => ({ type: "literal", values });
const count: FieldModel = { name: "visits", kind: integer, default: 0 };
const log: FieldModel = { name: "log", kind: texts, default: [] };
const settings = { merge: { visits: "sum", log: "append", roles: "union" } } as const;

/** Two versions of a schema: a rename, a retype, a removal, and everything that may be added. */
function twoVersions(codec: EvolvingCodec): readonly CodeVersion[] {
  const before: readonly FieldModel[] = [
    { name: "userId", kind: integer },
    { name: "price", kind: text },
    { name: "legacy", kind: text },
    { name: "theme", kind: oneOf("light", "dark") },
    { name: "roles", kind: { type: "array", items: oneOf("admin", "editor") }, default: [] },
    { name: "prefs", kind: { type: "object", members: [{ name: "language", kind: text }] } },
  ];
  const after: readonly FieldModel[] = [
    { name: "accountId", kind: integer },
    { name: "price", kind: { type: "number" } },
    { name: "theme", kind: oneOf("light", "dark", "sepia") },
    { name: "roles", kind: { type: "array", items: oneOf("admin", "editor", "owner") }, default: [] },
    {
      name: "prefs",
      kind: {
        type: "object",
        members: [
          { name: "language", kind: text },
          { name: "size", kind: integer, optional: true },
        ],
      },
    },
    { name: "added", kind: { type: "record", keys: { type: "string" }, values: { type: "date" } } },
  ];
  return codeVersions(codec, [
    { fields: [...before, count, log], settings: { ...settings, indexes: ["userId"] } },
    {
      fields: [...after, count, log],
      renamed: { accountId: "userId" },
      settings: { ...settings, indexes: ["accountId"] },
      upgrades: { price: (old: string) => Number(old) },
    },
  ]);
}

const size = { sessions: 6, requests: 60, atOnce: 12 };

/** Old and new code under load over one place, then the old one alone, then both again: nobody is logged out, nothing is lost. */
export function rollingSuite(place: string, backend: () => SharedBackend): void {
  test.each<EvolvingCodec>(["json", "cbor", "msgpack", "protobuf"])(
    `${place}: two versions at once, and a rollback, in %s`,
    async (codec) => {
      const [before, after] = deploy(twoVersions(codec), backend());
      if (before === undefined || after === undefined) throw new Error("two versions were to be deployed");
      const userId = Math.floor(Math.random() * 2 ** 50);
      const keys = await inParallel(size.sessions, size.atOnce, () => before.store({ ...old, userId }));
      const tokens: string[] = [];
      await work([before, after], keys, tokens);
      await Promise.all(keys.map((key) => after.write(key, (mine) => mine.update(recent))));
      await work([before, after], keys, tokens);
      await work([before], keys, tokens);
      await work([after, before], keys, tokens);
      for (const key of keys) await expectWhole(key, { before, after, userId });
      const all = await Promise.all(keys.map((key) => after.data(key)));
      expect(all.flatMap((data) => data["log"]).sort()).toEqual([...tokens].sort());
      expect(all.map((data) => Number(data["visits"])).reduce((sum, one) => sum + one)).toBe(tokens.length);
      expect([
        await after.sessions.count({ accountId: userId }),
        await before.sessions.count({ userId }),
      ]).toEqual([size.sessions, size.sessions]);
      expect([before.warnings, after.warnings]).toEqual([[], []]);
      expect(new Set(before.invalid)).toEqual(new Set(["field"]));
      expect(after.invalid).toEqual([]);
    },
  );
}

const old = { price: "2.5", legacy: "kept", theme: "dark", roles: ["admin"], prefs: { language: "en" } };

const recent = {
  theme: "sepia",
  roles: ["owner", "admin"],
  prefs: { language: "fr", size: 9 },
  added: { since: new Date(5) },
};

interface Rolled {
  readonly before: Deployment;
  readonly after: Deployment;
  readonly userId: number;
}

async function expectWhole(key: string, { before, after, userId }: Rolled): Promise<void> {
  const { log: _, visits: __, roles, ...rest } = await after.data(key);
  expect(rest).toEqual({
    accountId: userId,
    price: 2.5,
    theme: "sepia",
    prefs: { language: "de", size: 9 },
    added: recent.added,
  });
  expect(roles).toEqual(["owner", "admin", "editor"]);
  expect(await before.data(key)).toMatchObject({
    userId,
    price: "2.5",
    legacy: "kept",
    roles: ["admin", "editor"],
    prefs: { language: "de" },
  });
}

/** Requests of these versions, in turn, each to any session, many at once. */
async function work(
  versions: readonly Deployment[],
  keys: readonly string[],
  tokens: string[],
): Promise<void> {
  await inParallel(size.requests, size.atOnce, async (number) => {
    const token = `${tokens.length}-${crypto.randomUUID()}`;
    tokens.push(token);
    await versions[number % versions.length]?.write(keys[number % keys.length] ?? "", (session) => {
      session.set("visits", Number(session.get("visits")) + 1);
      (session.get("log") as string[]).push(token);
      const roles = session.get("roles") as string[];
      if (!roles.includes("editor")) session.set("roles", [...roles, "editor"]);
      session.set("prefs", { ...(session.get("prefs") as object), language: "de" });
    });
  });
}
