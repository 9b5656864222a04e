import { expect, test } from "vitest";
import type { KindModel } from "../../../generator/model/model.js";
import { reindexSessions } from "../../../runtime/admin/reindex.js";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import { sharedServer } from "../../servers/shared-server.js";
import { codeVersions } from "../../suites/versions/code-version.js";
import { deploy } from "../../suites/versions/deployment.js";
import { schema } from "../../suites/versions/schema.js";

const url = await sharedServer("redis");
const text: KindModel = { type: "string", maxLength: 80 };

test("an index on a field that is computed finds old sessions, before a reindex, after it, and when old code is deployed again", async () => {
  const backend = createRedisBackend({
    url,
    prefix: `computed-${crypto.randomUUID()}`,
    indexes: ["fullName"],
  });
  const fullName = (_old: undefined, { first, last }: { first?: string; last?: string }) =>
    `${first} ${last}`;
  const versions = codeVersions("json", [
    schema({ first: text, last: text }),
    schema(
      { first: text, last: text, fullName: text },
      { upgrades: { fullName }, settings: { indexes: ["fullName"] } },
    ),
  ]);
  const [before, after] = deploy(versions, backend);
  // Code from before that is deployed again.
  const [rolledBack] = deploy(versions, backend);
  if (rolledBack === undefined || before === undefined || after === undefined)
    throw new Error("Two versions were to be deployed.");
  const found = async (name: string): Promise<number> => {
    let count = 0;
    for await (const _ of after.sessions.find({ fullName: name } as never)) count += 1;
    return count;
  };
  const key = await before.store({ first: "Ada", last: "Lovelace" });
  expect(await found("Ada Lovelace")).toBe(1);
  const reindex = () => reindexSessions({ sessions: after.sessions, backend });
  expect(await reindex()).toMatchObject({ outcome: "complete", updated: 1 });
  expect(await found("Ada Lovelace")).toBe(1);
  await rolledBack.write(key, (mine) => mine.set("first", "Augusta"));
  expect([await found("Ada Lovelace"), await found("Augusta Lovelace")]).toEqual([0, 1]);
  expect(await reindex()).toMatchObject({ outcome: "complete", updated: 1 });
  expect([await found("Ada Lovelace"), await found("Augusta Lovelace")]).toEqual([0, 1]);
  // The save of new code stores what was computed, under which it stays found.
  await after.write(key, (mine) => mine.set("last", "King"));
  expect([await found("Augusta King"), await found("Augusta Lovelace")]).toEqual([0, 1]);
  expect(await after.sessions.revoke({ fullName: "Augusta Lovelace" } as never)).toBe(1);
  expect(await after.sessions.load(key)).toBeNull();
  await backend.close();
});
