import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generate } from "../../generator/generate.js";
import { root } from "../house/source-files.js";
import { type Composition, keptCompositions } from "./compositions.js";

it.each(["test/composition/bincode", "test/composition/protobuf", "test/runtime/fixture"])(
  "what tests run on is what the generator makes of its schema: %s",
  async (folder) => {
    const { files, errors } = await generate({ cwd: join(root, folder) });
    expect(errors).toEqual([]);
    for (const { path, content } of files) expect(readFileSync(path, "utf8"), path).toBe(content);
  },
);

it("every two parts meet in some composition", () => {
  const places = new Set(keptCompositions.map(({ place }) => place));
  const codecs = new Set(keptCompositions.map(({ codec }) => codec));
  const pairs = new Set(keptCompositions.map(({ place, codec }) => `${place} ${codec}`));
  expect([places.size, codecs.size, pairs.size]).toEqual([9, 5, 45]);
  const isMet = (name: keyof Composition, choices: number): boolean =>
    new Set(keptCompositions.map((one) => `${one.place} ${one[name]}`)).size === 9 * choices;
  expect([
    isMet("compression", 4),
    isMet("encryption", 2),
    isMet("tenancy", 2),
    isMet("analytics", 2),
  ]).toEqual([true, true, true, true]);
});
