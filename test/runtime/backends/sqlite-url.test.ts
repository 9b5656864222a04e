import { expect, test } from "vitest";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";

test.each(["postgres://me:hunter2@host/db", "file:./sessions.sqlite", "sqlite:sessions.sqlite"])(
  "%s is no path, and is not repeated, since it may hold a password",
  async (url) => {
    const backend = createDatabaseBackend({ dialect: "sqlite", url });
    const error: unknown = await backend.exists("x").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "config", message: expect.stringContaining("file path") });
    expect(String(error)).not.toContain(url);
  },
);
