import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { emitOutput } from "../../../generator/emit/emit.js";
import { codecNames } from "../../../generator/model/model.js";
import { root } from "../../house/source-files.js";
import { toEmitInput, toModel } from "../../suites/codec-models.js";
import { complaintsAbout, strictOptions } from "../../types/typed-program.js";
import { read } from "../model/read.js";

const fields = read(
  z.object({
    none: z.tuple([]).optional(),
    rest: z.tuple([z.null()], z.int()).optional(),
    nil: z.tuple([z.null()]).optional(),
  }),
);

test.each(codecNames)("tuples of nothing leave nothing unused in %s", { timeout: 120_000 }, (codec) => {
  const { settings, ...model } = toModel(fields);
  const files = emitOutput(toEmitInput({ ...model, settings: { ...settings, codec } }))
    .filter(({ path }) => path.endsWith(".ts"))
    .map(({ path, content }) => [join(root, "test/.cache/empty-tuple", path), content] as const);
  const options = { ...strictOptions, noUnusedLocals: true, noUnusedParameters: true };
  expect(complaintsAbout(Object.fromEntries(files), options)).toEqual([]);
});
