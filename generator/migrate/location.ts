import type { DatabaseModel } from "../model/backend-model.js";

/** Where a database is, and where its driver is. */
export interface DatabaseLocation {
  /** A server's url; for SQLite a file path, relative to the working directory, or `:memory:`. */
  readonly url: string;
  /** The folder from which the driver is resolved: the schema's. */
  readonly projectFolder: string;
}

/** A dialect, as the schema calls it. */
export type DialectName = DatabaseModel["dialect"];
