import type { SessionContext } from "../session/context.js";
import type { SessionBackend } from "../types/backend.js";

/** Where the records of a kind are, and how they are written. */
export interface RecordPlace {
  readonly backend: SessionBackend;
  readonly context: SessionContext;
}
