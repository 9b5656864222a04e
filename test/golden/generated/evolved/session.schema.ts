import { database, defineSession, env } from "session-gen";
import { z } from "zod";

// The third version: a field renamed, one retyped for the second time, a value of an enum and an index less, and the
// table under another name.
export default defineSession({
  shape: z.object({
    accountId: z.int().optional(),
    price: z.object({ cents: z.int(), currency: z.string().max(3) }).optional(),
    theme: z.enum(["light", "dark"]).default("light"),
    team: z.string().max(40).optional(),
    visits: z.int().default(0),
  }),
  indexes: ["team"],
  renamed: { accountId: "user" },
  upgrade: "./session.upgrade.ts",
  backend: database({
    dialect: "sqlite",
    url: env("DATABASE_URL", "./sessions.sqlite"),
    table: "accounts",
  }),
});
