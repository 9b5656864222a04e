import type { DatabaseModel } from "../model/backend-model.js";

export interface DatabaseLocation {
  /** A server's url; for SQLite a file path, relative to the working directory, or `:memory:`. */
  readonly url: string;
  /** The folder from which the driver is resolved: the schema's. */
  readonly projectFolder: string;
}

export type DialectName = DatabaseModel["dialect"];
