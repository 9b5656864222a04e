import { afterEach, expect, it } from "vitest";
import { createProject, type TestProject } from "../commands/project.js";

let project: TestProject;
afterEach(() => project.remove());

const schema = (options: string): string => `import { defineSession, env, redis } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ visits: z.int().default(0) }), backend: redis(${options}) });
`;

it("what Redis calls a thing may come from the environment, as its address may", async () => {
  const sentinels = '{ hosts: [env("A")], name: env("REDIS_MASTER") }';
  project = createProject({
    "session.schema.ts": schema(`{ sentinels: ${sentinels}, prefix: env("REDIS_PREFIX", "app:") }`),
  });
  expect((await project.run()).code).toBe(0);
  const sessions = project.read("generated/sessions.ts");
  expect(sessions).toContain('prefix: env("REDIS_PREFIX", "app:")');
  expect(sessions).toContain('name: env("REDIS_MASTER")');
});

it("its default is looked at as what stands there itself", async () => {
  project = createProject({ "session.schema.ts": schema('{ url: "redis://a", prefix: env("P", "a|b") }') });
  const { code, log } = await project.run();
  expect(code).toBe(2);
  expect(log).toContain("redis.prefix: it must not hold `|`");
});
