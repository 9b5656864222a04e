import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { sharedServer } from "../../servers/shared-server.js";
import { createProject, type TestProject } from "./project.js";

const redisUrl = await sharedServer("redis");
let project: TestProject;
const open: AppVersion[] = [];
afterEach(async () => {
  for (const version of open.splice(0)) await version.close();
  project.remove();
});

/** What a version of the app uses of its generated code. */
interface AppVersion {
  forTenant(id: string): TenantOfVersion;
  close(): Promise<void>;
}

interface TenantOfVersion {
  create(data: { readonly userId: number }): {
    readonly key: string | null;
    save(): Promise<unknown>;
  };
  load(key: string): Promise<{ userId: number | undefined; save(): Promise<unknown> } | null>;
  count(criteria: { readonly userId: number }): Promise<number>;
  revoke(criteria: { readonly userId: number }): Promise<number>;
}

const places = {
  SQLite: () =>
    `database({ dialect: "sqlite", url: ${JSON.stringify(join(project.folder, "sessions.sqlite"))} })`,
  Redis: () => `redis({ url: ${JSON.stringify(redisUrl)}, prefix: "reindexed-${crypto.randomUUID()}" })`,
  files: () => `file({ directory: ${JSON.stringify(join(project.folder, "sessions"))} })`,
};

/** Generates a version of the app into a folder of its own, so that several run beside each other, and starts it. */
async function deploy(folder: string, indexes: string, backend: string): Promise<() => Promise<AppVersion>> {
  project.write(
    "session.schema.ts",
    `import { database, defineSession, file, redis } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  indexes: [${indexes}], tenancy: {}, rotation: false, output: "./${folder}", backend: ${backend} });
`,
  );
  expect(await project.run()).toMatchObject({ code: 0 });
  const generated: { readonly createSessions: () => AppVersion } = await import(
    join(project.folder, folder, "index.ts")
  );
  return async () => {
    const version = generated.createSessions();
    open.push(version);
    return version;
  };
}

async function login(version: AppVersion, tenant: string, userId: number): Promise<string> {
  const session = version.forTenant(tenant).create({ userId });
  await session.save();
  return session.key ?? "";
}

const indexesIn = async (): Promise<readonly string[]> => {
  const { out } = await project.run("doctor");
  return out.split("\n").filter((line) => line.includes(" indexes "));
};

describe.each(Object.entries(places))("session-gen reindex, %s", (name, place) => {
  it("completes an index that came later; find and revoke are complete before, during and after", async () => {
    project = createProject();
    const backend = place();
    const migrate = async (): Promise<void> => {
      if (name === "SQLite") expect(await project.run("migrate", "up")).toMatchObject({ code: 0 });
    };
    const startOld = await deploy("old", "", backend);
    await migrate();
    const old = await startOld();
    for (let number = 0; number < 10; number += 1) await login(old, "acme", number % 2);
    await login(old, "other", 1);

    const now = await (await deploy("now", '"userId"', backend))();
    await migrate();
    const count = (userId: number): Promise<number> => now.forTenant("acme").count({ userId });
    expect([await count(0), await count(1)]).toEqual([5, 5]);
    const key = await login(old, "acme", 1);
    expect([await count(1), await now.forTenant("other").count({ userId: 1 })]).toEqual([6, 1]);
    expect(await indexesIn()).toEqual([
      expect.stringMatching(/^fix +indexes +userId: .*session-gen reindex/),
    ]);

    let isOver = false;
    const run = project.run("reindex", "--batch", "2", "--json").finally(() => {
      isOver = true;
    });
    const seen = new Set<number>();
    while (!isOver) {
      seen.add(await count(1));
      // SQLite answers at once, and the command needs a turn too.
      await nextTurn();
    }
    expect([...seen]).toEqual([6]);
    const { code, out } = await run;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ status: "ok", reindex: { outcome: "complete", sessions: 12 } });
    expect([await count(0), await count(1)]).toEqual([5, 6]);
    expect(await indexesIn()).toEqual([expect.stringMatching(/^ok +indexes +userId: complete/)]);
    expect(await now.forTenant("acme").revoke({ userId: 0 })).toBe(5);

    // The app before comes back: what it writes is found, and the next reindex brings it into the index.
    const back = await startOld();
    const session = await back.forTenant("acme").load(key);
    if (session === null) throw new Error("The session is gone.");
    session.userId = 2;
    await session.save();
    expect([await count(1), await count(2)]).toEqual([5, 1]);
    expect((await project.run("reindex")).log).toMatch(
      /7 sessions, 1 brought up to date\. The indexes are complete\.\n$/,
    );
    expect(await now.forTenant("acme").revoke({ userId: 1 })).toBe(5);
    expect([await count(1), await now.forTenant("other").count({ userId: 1 })]).toEqual([0, 1]);
  });
});
