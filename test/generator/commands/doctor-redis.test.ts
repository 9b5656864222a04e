import { Redis } from "ioredis";
import { afterAll, expect, it } from "vitest";
import { checkServers } from "../../../generator/doctor/server-check.js";
import { loadModels } from "../../../generator/load/load-model.js";
import { sharedServer } from "../../servers/shared-server.js";
import { createProject } from "./project.js";

const url = await sharedServer("redis");
const admin = new Redis(url);
const user = `doctor-${crypto.randomUUID()}`;
await admin.call("ACL", "SETUSER", user, "on", ">open-sesame", "~*", "+@read", "+@write", "+@scripting");
afterAll(async () => {
  await admin.call("ACL", "DELUSER", user);
  admin.disconnect();
});

it.each([
  ["may not ask for its version", "open-sesame", /^backend: Redis answers, and does not tell its version$/],
  ["has another password", "another", /^backend: redis\(\) does not answer: WRONGPASS /],
])("doctor tells what it is when the user of Redis %s", async (_name, password, told) => {
  const found = await messagesOf(url.replace("//", `//${user}:${password}@`));
  expect(found).toEqual([expect.stringMatching(told)]);
});

it("doctor finds the Redis of an address without its redis://", async () => {
  const { host } = new URL(url);
  expect(await messagesOf(`${host}/1`)).toEqual([expect.stringMatching(/^backend: Redis [\d.]+ answers$/)]);
});

async function messagesOf(place: string): Promise<readonly string[]> {
  const project = createProject({
    "session.schema.ts": `import { defineSession, redis } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ visits: z.int().default(0) }),
  backend: redis({ url: ${JSON.stringify(place)} }) });
`,
  });
  const [schema] = await loadModels([`${project.folder}/session.schema.ts`]);
  if (schema === undefined) throw new Error("There is no schema.");
  const found = await checkServers(schema, 5000);
  project.remove();
  return found.map(({ message }) => message);
}
