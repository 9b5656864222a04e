import { generate } from "../generate.js";
import { relativePath } from "../schema-error.js";
import { compareFiles } from "../write.js";
import { type Finding, findingsOf } from "./finding.js";

/** Whether the model file can be gone on with, and whether generated code, model file and migrations are current. */
export async function checkOutput(schemaFile: string, cwd: string): Promise<readonly Finding[]> {
  const { ok, fix } = findingsOf("output");
  const { files, outputFolders, obstacles, superseded } = await generate({ schema: schemaFile });
  if (obstacles.length > 0) return obstacles.map(({ message }) => fix(message));
  const states = await compareFiles(files, outputFolders, superseded);
  const due = states.filter(({ state }) => state !== "current");
  if (due.length === 0) return [ok("what was generated is current")];
  const names = due.slice(0, 3).map(({ path, state }) => `${relativePath(path, cwd)} (${state})`);
  const more = due.length > names.length ? ` and ${due.length - names.length} more` : "";
  const schema = relativePath(schemaFile, cwd);
  const command = schema === "session.schema.ts" ? "session-gen" : `session-gen --schema ${schema}`;
  return [fix(`not current: ${names.join(", ")}${more}. Run ${command}`)];
}
