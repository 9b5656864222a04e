import { join } from "node:path";
import { createDatabaseBackend } from "@session-gen/runtime/backends/database";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jsonCodec } from "../../../runtime/codecs/json.js";
import type { SessionBackend } from "../../../runtime/index.js";
import { createRecordFormat } from "../../../runtime/record/record-format.js";
import { recordOf } from "../../runtime/copied-records.js";
import { createProject, type TestProject } from "./project.js";
import { storeSchema } from "./stores.js";

let project: TestProject;
const opened: { close(): Promise<void> }[] = [];

beforeEach(() => {
  project = createProject();
});
afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.close();
  project.remove();
});

/** A schema with an output of its own over a database file of its own. */
async function createSide(name: string, codec: string): Promise<SessionBackend> {
  const url = join(project.folder, `${name}.sqlite`);
  const options = `codec: "${codec}", output: "./${name}", migrations: "./${name}-migrations",`;
  project.write(
    `${name}.schema.ts`,
    storeSchema(`database({ dialect: "sqlite", url: ${JSON.stringify(url)} })`, options),
  );
  const columns = { userId: { column: "user_id", type: "integer" } } as const;
  const backend = createDatabaseBackend({ dialect: "sqlite", url, columns });
  await backend.createTable();
  opened.push(backend);
  return backend;
}

const shape = { userId: { kind: "integer" } } as const;
const format = createRecordFormat({ kind: "session", shapeHash: "old", codec: jsonCodec(shape) });
const route = ["copy", "--from", "from.schema.ts", "--to", "to.schema.ts"];

async function fill(from: SessionBackend): Promise<void> {
  for (let userId = 0; userId < 5; userId++) {
    const id = `s${userId}`;
    const { header, data } = format.encode({ meta: { writes: "" }, fields: { userId } }, id);
    await from.create(recordOf(id, { header, data, indexed: { userId } }));
  }
}

test("copy writes records as the schema of the target does, in bulk, and verifies them", async () => {
  const [from, to] = [await createSide("from", "json"), await createSide("to", "cbor")];
  await fill(from);
  for (const name of ["from", "to"])
    expect(await project.run("generate", "--schema", `${name}.schema.ts`)).toMatchObject({ code: 0 });
  const { code, log } = await project.run(...route, "--verify");
  expect(log).toContain("Done: 5 created");
  expect(log).toContain("Compared 5 sessions: no difference.");
  expect(code).toBe(0);
  for (let userId = 0; userId < 5; userId++) {
    const [old, fresh] = [await from.load(`s${userId}`), await to.load(`s${userId}`)];
    expect(fresh?.header).toBe("1;cbor;-;-;old;session");
    expect({ ...fresh, header: "", data: "" }).toEqual({ ...old, header: "", data: "" });
  }
});

test("without the generated code that would convert, nothing is copied, and the command says what to run", async () => {
  const [from, to] = [await createSide("from", "json"), await createSide("to", "msgpack")];
  await fill(from);
  const { code, log } = await project.run(...route);
  expect(code).toBe(2);
  expect(log).toContain("session-gen generate --schema from.schema.ts");
  expect(await to.exists("s0")).toBe(false);
});

test("generated code that is not current converts nothing, and the command says what to run", async () => {
  const [from, to] = [await createSide("from", "json"), await createSide("to", "msgpack")];
  await fill(from);
  for (const name of ["from", "to"]) await project.run("generate", "--schema", `${name}.schema.ts`);
  project.write("to.schema.ts", project.read("to.schema.ts").replace("msgpack", "cbor"));
  const { code, log } = await project.run(...route);
  expect(code).toBe(2);
  expect(log).toContain("to/sessions.ts is not what to.schema.ts stands for now");
  expect(log).toContain("session-gen generate --schema to.schema.ts");
  expect(await to.exists("s0")).toBe(false);
});

test("what cannot be read is copied as it is and counted, and the rest is converted", async () => {
  const [from, to] = [await createSide("from", "json"), await createSide("to", "cbor")];
  await fill(from);
  const damaged = recordOf("s9", { header: "1;json;-;-;old;session", data: Buffer.from("{") });
  await from.create(damaged);
  for (const name of ["from", "to"]) await project.run("generate", "--schema", `${name}.schema.ts`);
  const { code, log } = await project.run(...route, "--verify");
  expect(log).toContain("Done: 6 created");
  expect(log).toContain("1 could not be read and were copied as they are, not converted.");
  expect(log).toContain("Compared 6 sessions: no difference.");
  expect(code).toBe(1);
  expect((await to.load("s9"))?.header).toBe(damaged.header);
  expect((await to.load("s0"))?.header).toBe("1;cbor;-;-;old;session");
});
