import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("an app that has one of the three drivers can be bundled: of those that are not there none is asked for", async () => {
  const absent = { pg: "absent", mysql2: "absent", "better-sqlite3": "absent" };
  const { outputFiles, warnings } = await build({
    entryPoints: [fileURLToPath(new URL("../../../runtime/backends/database.ts", import.meta.url))],
    ...{ bundle: true, platform: "node", format: "esm", write: false, logLevel: "silent" },
    ...{ external: ["kysely"], alias: absent },
  });
  expect([outputFiles, warnings]).toEqual([[expect.anything()], []]);
});
