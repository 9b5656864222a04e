import { expect, test } from "vitest";
import type { FieldModel } from "../../../../generator/model/model.js";
import { codeBlock } from "../../../packages/code-blocks.js";
import { toModel } from "../../../suites/codec-models.js";
import { loadGeneratedCodec } from "../../../suites/generated-codec.js";

/** The shape that docs/formats.md shows. */
const fields: readonly FieldModel[] = [
  { name: "userId", kind: { type: "integer" } },
  {
    name: "roles",
    kind: { type: "array", items: { type: "literal", values: ["admin", "editor"] } },
    default: [],
  },
  { name: "lastSeen", kind: { type: "date" } },
  {
    name: "preferences",
    kind: {
      type: "nullable",
      inner: {
        type: "object",
        members: [
          { name: "theme", kind: { type: "literal", values: ["light", "dark"] } },
          { name: "zoom", kind: { type: "number" }, optional: true },
        ],
      },
    },
  },
];

test("the page on formats shows the session.proto of its shape", () => {
  const { proto } = loadGeneratedCodec(toModel(fields), "protobuf");
  expect(proto).toContain(codeBlock("docs/formats.md", "session.proto").trim());
});
