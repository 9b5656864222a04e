import { expect, test } from "vitest";
import { shapeFile } from "../../../generator/emit/shape-file.js";
import type { FieldModel, KindModel } from "../../../generator/model/model.js";
import { toEmitInput, toModel } from "../../suites/codec-models.js";

const kinds: readonly KindModel[] = [
  { type: "string" },
  { type: "array", items: { type: "object", members: [{ name: "at", kind: { type: "date" } }] } },
  { type: "nullable", inner: { type: "integer" } },
];

const fields = Array.from(
  { length: 60 },
  (_, index): FieldModel => ({
    name: index === 3 ? "odd name" : `field${index}`,
    kind: kinds[index % kinds.length] ?? { type: "boolean" },
    ...(index % 20 === 0 && { default: `text ${index}` }),
  }),
);

/** What the file says, run. */
function shapeOf(some: readonly FieldModel[]): object {
  const { content } = shapeFile(toEmitInput(toModel(some)));
  const code = content.replace(/^import .*$/m, "").replace(/: (?:Field)?Shape =/g, " =");
  return new Function(`${code.replace("export const shape", "const shape")}\nreturn shape;`)();
}

test("the shapes of many fields are those of few, written once where they are alike", () => {
  expect(shapeOf(fields)).toEqual({ ...shapeOf(fields.slice(0, 30)), ...shapeOf(fields.slice(30)) });
  const { content } = shapeFile(toEmitInput(toModel(fields)));
  expect(content.match(/kind: "string"/g)).toHaveLength(2);
  expect(content.match(/kind: "date"/g)).toHaveLength(2);
});
