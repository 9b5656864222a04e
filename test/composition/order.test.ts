import { afterAll, expect, it } from "vitest";
import { generate } from "../../generator/generate.js";
import { createProject, schemaText } from "../generator/commands/project.js";

const layers = `
  analytics: { prometheus: true, log: true },
  tenancy: {},
  encryption: { keys: env("KEYS") },
  compression: { algorithm: "gzip" },
  codec: "cbor",
  backend: memory()`;

const project = createProject({ "session.schema.ts": schemaText("visits: z.int().default(0)", layers) });
afterAll(() => project.remove());

it("sessions.ts names the layers from the fields outwards, in whatever order the schema does", async () => {
  const { files, errors } = await generate({ cwd: project.folder });
  expect(errors).toEqual([]);
  const { content = "" } = files.find(({ path }) => path.endsWith("sessions.ts")) ?? {};
  const body = content.slice(content.indexOf("const kind"));
  const calls = ["cborCodec(", "gzip(", "encryption:", "tenancy:", "withSinks(", "createMemoryBackend("];
  const places = calls.map((call) => body.indexOf(call));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((one, other) => one - other));
});
