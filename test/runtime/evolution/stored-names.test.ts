import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { expressStore } from "../../../runtime/http/express-store.js";
import { createProject, type TestProject } from "../../generator/commands/project.js";

let project: TestProject;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

async function generate(field: string, options: string): Promise<void> {
  project.write(
    "session.schema.ts",
    `import { defineSession, memory } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ ${field}: z.int().optional(), visits: z.int().default(0) }),
  indexes: ["${field}"], rotation: false, backend: memory(), ${options} });
`,
  );
  expect(await project.run("--allow-breaking")).toMatchObject({ code: 0 });
}

test.each(["json", "cbor", "msgpack", "protobuf", "bincode"])(
  "a renamed field is stored, found and shown to express-session under the name that each of them knows, in %s",
  async (codec) => {
    await generate("user", `codec: "${codec}"`);
    await generate("accountId", `codec: "${codec}", renamed: { accountId: "user" }`);
    const generated = await import(join(project.folder, "generated/index.ts"));
    const backend = createMemoryBackend();
    const sessions = generated.createSessions({ backend });
    const session = sessions.create({ accountId: 7 });
    await session.save();
    const record = await backend.load(session.handle);
    expect(record?.indexed).toEqual({ user: 7 });
    expect((await sessions.load(session.key)).toObject()).toEqual({ accountId: 7, visits: 0 });

    if (codec === "bincode") {
      expect(() => expressStore(sessions)).toThrow("the codec bincode has no place for them");
      return;
    }
    const store = expressStore(sessions);
    const bag = { cookie: { originalMaxAge: null }, accountId: 7, flash: "hello" };
    await new Promise((resolve) => store.set("sid", bag, resolve));
    const read = await new Promise((resolve) => store.get("sid", (_error, found) => resolve(found)));
    expect(read).toMatchObject({ accountId: 7, flash: "hello", visits: 0 });
    expect(read).not.toHaveProperty("user");
    expect(await sessions.count({ accountId: 7 })).toBe(2);
  },
);
