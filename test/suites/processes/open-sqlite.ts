import { createDatabaseBackend } from "../../../runtime/backends/database.js";

/** The backend that the child processes share: a SQLite file, whose table is there. */
export const openBackend = (file: string): ReturnType<typeof createDatabaseBackend> =>
  createDatabaseBackend({ dialect: "sqlite", url: file });
