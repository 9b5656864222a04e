import { expect, test } from "vitest";
import type { KindModel } from "../../../generator/model/model.js";
import { reindexSessions } from "../../../runtime/admin/reindex.js";
import { surround } from "../../../runtime/backends/layer.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { codeVersions, type SchemaVersion } from "../../suites/versions/code-version.js";
import { type Deployment, deploy } from "../../suites/versions/deployment.js";
import { schema } from "../../suites/versions/schema.js";

const oneOf = (...values: string[]): KindModel => ({ type: "literal", values });
const indexed = { settings: { indexes: ["role"] } };
const withDefault = (initial: string): SchemaVersion => ({
  fields: [{ name: "role", kind: oneOf("user", "admin"), default: initial }],
  ...indexed,
});
const withoutDefault = schema({ role: oneOf("user", "admin") }, indexed);
const upgrades = { role: (old: string) => (old === "root" ? "admin" : old) };

const changes: Readonly<Record<string, readonly [SchemaVersion, SchemaVersion, Record<string, unknown>]>> = {
  "another default": [withDefault("user"), withDefault("admin"), {}],
  "a default": [withoutDefault, withDefault("admin"), {}],
  "an upgrade that answers a removed value": [
    schema({ role: oneOf("user", "admin", "root") }, indexed),
    schema({ role: oneOf("user", "admin") }, { ...indexed, upgrades }),
    { role: "root" },
  ],
};

/** Two versions of the code over one store, and the first once more, as a rollback starts it. */
function deployAll(schemas: readonly SchemaVersion[]) {
  // As a store that others may write to, too.
  const backend = surround(createMemoryBackend(), (_method, call, options) => call(options));
  const versions = codeVersions("json", schemas);
  const [[before, after], [again]] = [deploy(versions, backend), deploy(versions, backend)];
  if (before === undefined || after === undefined || again === undefined)
    throw new Error("Two versions were to be deployed.");
  return { before, after, again, reindex: () => reindexSessions({ sessions: after.sessions, backend }) };
}

async function count({ sessions }: Deployment, filter: object): Promise<number> {
  return await sessions.count(filter as never);
}

test.each(Object.entries(changes))(
  "an index whose field has %s finds what older sessions read as, before a reindex, after it, and after a rollback",
  async (_what, [first, second, data]) => {
    const { before, after, again, reindex } = deployAll([first, second]);
    const key = await before.store(data);
    expect(await after.data(key)).toEqual({ role: "admin" });
    expect(await count(after, { role: "admin" })).toBe(1);
    expect(await reindex()).toMatchObject({ outcome: "complete", updated: 1 });
    expect(await count(after, { role: "admin" })).toBe(1);
    await again.store(data);
    expect(await count(after, { role: "admin" })).toBe(2);
    expect(await after.sessions.revoke({ role: "admin" } as never)).toBe(2);
    expect(await after.sessions.load(key)).toBeNull();
  },
);

test("old code beside new code finds by its own default what new code stores", async () => {
  const { before, after } = deployAll([withDefault("user"), withDefault("admin")]);
  const key = await after.store({});
  expect(await before.data(key)).toEqual({ role: "user" });
  expect([await count(before, { role: "user" }), await count(before, { role: "admin" })]).toEqual([1, 0]);
});

test("an index whose field allows more is what it was, and one that has its first default back is found under its first mark", () => {
  const wider = schema({ role: oneOf("user", "admin", "root") }, indexed);
  const [, widened] = codeVersions("json", [withoutDefault, wider]);
  expect(widened?.kind).toMatchObject({ lateIndexes: [], endedIndexes: [], indexKeys: {} });
  const [, changed, back] = codeVersions("json", ["user", "admin", "user"].map(withDefault));
  const key = changed?.kind.indexKeys?.["role"];
  expect(key).toMatch(/^role:text#[0-9a-f]{8}$/);
  expect(changed?.kind).toMatchObject({ lateIndexes: ["role"], endedIndexes: ["role"] });
  expect(back?.kind).toMatchObject({ lateIndexes: ["role"], endedIndexes: [key], indexKeys: {} });
});
