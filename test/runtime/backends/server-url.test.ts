import { expect, test } from "vitest";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";

// Without its slashes a url names no host: the drivers take the usual one of this machine, as whoever runs the app.
test.each([
  ["mysql", "mysql:app:hunter2@127.0.0.1:1/db"],
  ["mysql", "mysql:/app:hunter2@127.0.0.1:1/db"],
  ["mysql", "postgres://app:hunter2@127.0.0.1:1/db"],
  ["postgres", "postgres:app:hunter2@127.0.0.1:1/db"],
  ["postgres", "postgresql:/app:hunter2@127.0.0.1:1/db"],
  ["postgres", "app:hunter2@127.0.0.1:1/db"],
] as const)("%s: %s is refused, and is not repeated, since it may hold a password", async (dialect, url) => {
  const backend = createDatabaseBackend({ dialect, url });
  try {
    const error: unknown = await backend.exists("x").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "config", message: expect.stringContaining("user:password@host") });
    expect(String(error)).not.toContain("hunter2");
  } finally {
    await backend.close();
  }
});

test.each([
  ["mysql", "MariaDB://app@127.0.0.1:1/db"],
  ["postgres", "PostgreSQL://app@127.0.0.1:1/db"],
] as const)("%s: %s is taken", async (dialect, url) => {
  const backend = createDatabaseBackend({ dialect, url });
  try {
    await expect(backend.exists("x")).rejects.toMatchObject({ code: "unavailable" });
  } finally {
    await backend.close();
  }
});
