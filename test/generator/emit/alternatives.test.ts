import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

let project: TestProject;
let checks: Pick<
  typeof import("../../golden/generated/every-kind/expected/generated/validate.js"),
  "validate" | "checkWire"
>;

const fields = `
  plain: z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.number() })]).optional(),
  dated: z.union([z.strictObject({ a: z.date() }), z.object({ b: z.number().default(1) })]).optional(),
  alone: z.strictObject({ a: z.string().default("x") }).optional(),`;

beforeAll(async () => {
  project = createProject({ "session.schema.ts": schemaText(fields) });
  expect((await project.run()).code).toBe(0);
  checks = await import(join(project.folder, "generated/validate.ts"));
});
afterAll(() => project.remove());

/** Nothing tells to which alternative of a union an unknown member or a missing default would belong. */
describe("below a union", () => {
  it.each([
    { plain: { a: "x", c: 1 } },
    { plain: { a: "x", b: 1 } },
    { dated: { a: { $date: 1 }, c: 1 } },
    { dated: {} },
  ])("the store refuses what the app may not hold: %j", (fields) => {
    expect(checks.checkWire(fields)).toHaveLength(1);
  });

  it("the store takes what fits, and unknown members of what is not strict", () => {
    const fields = { plain: { b: 2 }, dated: { b: 2, c: 3 } };
    expect(checks.validate(fields)).toBe(true);
    expect(checks.checkWire(fields)).toEqual([]);
    expect(checks.checkWire({ dated: { a: { $date: 1 } } })).toEqual([]);
  });

  it("elsewhere the store minds neither: another version may have written them", () => {
    expect(checks.checkWire({ alone: { later: true } })).toEqual([]);
  });

  it("session.schema.json says the same", () => {
    const { properties } = JSON.parse(project.read("generated/session.schema.json"));
    expect(properties.plain.anyOf[0].additionalProperties).toBe(false);
    expect(properties.dated.anyOf[1].required).toEqual(["b"]);
    expect(properties.alone).not.toHaveProperty("required");
    expect(properties.alone).not.toHaveProperty("additionalProperties");
  });
});
