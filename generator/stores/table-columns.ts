import { readFile } from "node:fs/promises";
import type { IndexColumn } from "../emit/index-columns.js";
import { modelFilePath } from "../history/memory.js";
import { parseModelFile } from "../history/model-file.js";
import { nextVersion } from "../history/next-version.js";
import type { LoadedModel } from "../load/load-model.js";

/** The columns of a schema's indexed fields by field, as its generated code has them: a column keeps its name for ever. */
export async function tableColumns({
  file,
  model,
}: LoadedModel): Promise<Readonly<Record<string, Omit<IndexColumn, "field">>>> {
  const text = await readFile(modelFilePath(file), "utf8").catch(() => undefined);
  const remembered = text === undefined ? undefined : parseModelFile(text);
  const known = remembered !== undefined && "versions" in remembered ? remembered : undefined;
  const { columns } = nextVersion({ model, file: known, migrationNames: [] });
  return Object.fromEntries(columns.map(({ field, ...column }) => [field, column]));
}
