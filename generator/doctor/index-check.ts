import { existsSync } from "node:fs";
import type { LoadedModel } from "../load/load-model.js";
import { obstacleTo, openStore } from "../stores/open-store.js";
import { outputOf } from "../stores/project-sessions.js";
import { openIndexes } from "../stores/reindex-store.js";
import { type Finding, findingsOf } from "./finding.js";

/**
 * Whether every session is in each index; nothing where there are none, where only the app can tell, and before there
 * is generated code to ask.
 */
export async function checkIndexes(schema: LoadedModel): Promise<readonly Finding[]> {
  const { backend, indexes } = schema.model.settings;
  if (indexes.length === 0 || obstacleTo(backend) !== undefined || !existsSync(outputOf(schema))) return [];
  const { ok, fix } = findingsOf("indexes");
  const store = await openStore(schema, () => {});
  try {
    const states = await (await openIndexes(schema, store)).states();
    const named = (isComplete: boolean): string =>
      states.flatMap((state) => (state.isComplete === isComplete ? [state.field] : [])).join(", ");
    const [complete, late] = [named(true), named(false)];
    return [
      ...(complete === "" ? [] : [ok(`${complete}: complete`)]),
      ...(late === ""
        ? []
        : [
            fix(
              `${late}: not every session is in it, so that each search looks through all of them. Run session-gen reindex when no older version of the app runs any more`,
            ),
          ]),
    ];
  } finally {
    await store.close();
  }
}
