import { fileURLToPath } from "node:url";
import { build } from "vite";
import { expect, it } from "vitest";
import { definitionBrand } from "../../schema/definition.js";
import { defineSession, env, memory } from "../../schema/index.js";

it("imports nothing of weight: no compiler, no schema library", async () => {
  const entry = fileURLToPath(new URL("../../schema/index.ts", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      lib: { entry, formats: ["es"] },
      rollupOptions: { external: (id) => !/^[./]/.test(id) },
    },
  });
  const chunks = [built].flat().flatMap((output) => ("output" in output ? output.output : []));
  const main = chunks.find((chunk) => chunk.type === "chunk" && chunk.isEntry);
  const ours = chunks.map(({ fileName }) => fileName);
  const imports = main?.type === "chunk" ? main.imports : undefined;
  expect(imports?.filter((name) => !ours.includes(name))).toEqual([]);
});

it("gives frozen data", () => {
  const definition = defineSession({ shape: {} as never, backend: memory({ maxSessions: 3 }) });
  expect(definition[definitionBrand]).toBe(true);
  expect(definition.options).toEqual({
    shape: {},
    backend: { backend: "memory", options: { maxSessions: 3 } },
  });
  expect(Object.isFrozen(definition.options["backend"])).toBe(true);
  expect([env("A"), env("A", "b")]).toEqual([{ env: "A" }, { env: "A", default: "b" }]);
});
