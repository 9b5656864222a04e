import { failureText } from "../failure-text.js";
import type { LoadedModel } from "../load/load-model.js";
import type { StoreModel } from "../model/backend-model.js";
import { openStore } from "./open-store.js";
import { describeReindex, openIndexes } from "./reindex-store.js";
import { pagesOf, type Store } from "./store.js";
import { storedIndexes } from "./stored-indexes.js";

/** What is known when the migrations have run. */
export interface MigratedStore {
  readonly schema: LoadedModel;
  /** The database that was migrated instead of the schema's backend. */
  readonly instead?: StoreModel;
  /** Whoever ran them has said that no older version of the app runs any more. */
  readonly isContracted: boolean;
  readonly log: (text: string) => void;
}

/**
 * Completes the indexes that not every version keeps, when nobody can be writing without them: there are no sessions
 * yet, or contract steps were run. Else says what is to be done by hand. Whatever fails here, the migrations have run.
 */
export async function followMigration(migrated: MigratedStore): Promise<void> {
  const { schema, log } = migrated;
  const { history } = await storedIndexes(schema);
  if (history.late.length === 0) return;
  const later = `Newer than some sessions may be: the index on ${history.late.join(", ")}. Searches by it look through all sessions until it is complete: run session-gen reindex when no older version of the app runs any more.\n`;
  try {
    if (!(await complete(migrated))) log(later);
  } catch (error) {
    log(`${later}It was not done now: ${failureText(error)}\n`);
  }
}

/** `false` when it is not to be done now. */
async function complete({ schema, instead, isContracted, log }: MigratedStore): Promise<boolean> {
  const { model } = schema;
  const settings = { ...model.settings, ...(instead && { backend: instead }) };
  const place = { ...schema, model: { ...model, settings } };
  const store = await openStore(place, log);
  try {
    const indexes = await openIndexes(schema, store);
    if ((await indexes.states()).every(({ isComplete }) => isComplete)) return true;
    if (!isContracted && (await hasSessions(store.backend))) return false;
    log(describeReindex(await indexes.reindex({})));
    return true;
  } finally {
    await store.close();
  }
}

async function hasSessions(store: Store): Promise<boolean> {
  const now = Date.now();
  for await (const { records } of pagesOf(store)) {
    // What is never over is no session, but what versions note of their indexes.
    if (records.some(({ expiresAt }) => expiresAt > now && expiresAt < Number.MAX_SAFE_INTEGER)) return true;
  }
  return false;
}
