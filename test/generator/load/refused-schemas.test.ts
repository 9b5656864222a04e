import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { loadModels } from "../../../generator/load/load-model.js";
import { renderFaults, SchemaError } from "../../../generator/schema-error.js";

const folder = fileURLToPath(new URL("../../golden/refused", import.meta.url));

/** Where an error was thrown is read from its stack, which the test runner rewrites: these run in a process of their own. */
const needsOwnProcess: ReadonlySet<string> = new Set(["thrown-error", "not-imported", "required"]);

/** A folder a case: a schema, and exactly what the person is told. */
describe("refused schemas", () => {
  for (const name of readdirSync(folder)) {
    it(name, async () => {
      const file = `${folder}/${name}/session.schema.ts`;
      const text = needsOwnProcess.has(name)
        ? await refuseInProcess(file)
        : await refuse(file, `${folder}/${name}`);
      await expect(`${text}\n`).toMatchFileSnapshot(`${folder}/${name}/error.txt`);
    });
  }
});

async function refuse(file: string, cwd: string): Promise<string> {
  const error = await loadModels([file]).catch((cause: unknown) => cause);
  if (!(error instanceof SchemaError)) throw new Error("The schema was accepted.", { cause: error });
  return renderFaults(error.faults, { cwd });
}

async function refuseInProcess(file: string): Promise<string> {
  const script = fileURLToPath(new URL("./print-faults.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script, file]);
  return stdout;
}
