import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

let project: TestProject;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

async function generate(codec: string | undefined): Promise<{ model: unknown; sessions: string }> {
  const option = codec === undefined ? "" : `codec: "${codec}", `;
  project.write("session.schema.ts", schemaText("userId: z.int().optional()", `${option}backend: memory()`));
  expect(await project.run()).toMatchObject({ code: 0 });
  return {
    model: JSON.parse(project.read("session.model.json")),
    sessions: project.read("generated/sessions.ts"),
  };
}

describe("the model file", () => {
  test("remembers every codec that was used, and appends only", async () => {
    const first = await generate(undefined);
    expect(first.model).not.toHaveProperty("codecs");
    const second = await generate("cbor");
    expect(second.model).toEqual({ ...Object(first.model), codecs: ["json", "cbor"] });
    const third = await generate("msgpack");
    expect(third.model).toEqual({ ...Object(first.model), codecs: ["json", "cbor", "msgpack"] });
    expect((await generate("json")).model, "back again").toEqual(third.model);
  });

  test("of a first generation names its codec", async () => {
    expect((await generate("msgpack")).model).toMatchObject({ codecs: ["msgpack"] });
  });

  test("is none when its codecs are no names", async () => {
    await generate("cbor");
    const text = project.read("session.model.json");
    project.write("session.model.json", text.replace('["cbor"]', '"cbor"'));
    expect((await project.run()).log).toContain("session.model.json is no model file");
  });
});

test("generated sessions read what former codecs wrote, and import no others", async () => {
  expect((await generate(undefined)).sessions).not.toContain("formerCodecs");
  const { sessions } = await generate("cbor");
  expect(sessions).toContain("  codec: cborCodec(shape),\n  formerCodecs: [jsonCodec(shape)],\n");
  expect(sessions).toContain('from "@session-gen/runtime/codecs/json"');
  expect(sessions).not.toContain("msgpack");
  expect((await generate("msgpack")).sessions).toContain(
    "formerCodecs: [jsonCodec(shape), cborCodec(shape)]",
  );
});

test("the choice of a codec leaves the shape's hash as it is", async () => {
  const hashOf = ({ sessions }: { sessions: string }) => /shapeHash: "(\w+)"/.exec(sessions)?.[1];
  const hash = hashOf(await generate(undefined));
  expect(hash).toMatch(/^\w{16}$/);
  for (const codec of ["msgpack", "cbor"]) expect(hashOf(await generate(codec))).toBe(hash);
});

test("a former codec that is the schema's own has a module of its own", async () => {
  expect((await generate("protobuf")).sessions).toContain('import { codec } from "./codec.js";');
  const { sessions, model } = await generate("cbor");
  expect(model).toMatchObject({ codecs: ["protobuf", "cbor"] });
  expect(sessions).toContain('import { codec as protobufCodec } from "./protobuf-codec.js";');
  expect(sessions).toContain("  codec: cborCodec(shape),\n  formerCodecs: [protobufCodec],\n");
  expect(project.read("generated/protobuf-codec.ts")).toContain("export const codec: Codec");
  expect(() => project.read("generated/codec.ts")).toThrow("ENOENT");
});
