import { database, defineSession, env } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    /** The signed-in user. */
    userId: z.int().optional(),
    roles: z.array(z.enum(["admin", "editor"])).default([]),
    lastSeen: z.date().optional(),
    visits: z.int().default(0),
    cart: z.array(z.object({ sku: z.string(), quantity: z.int().min(1) })).default([]),
  }),
  indexes: ["userId"],
  merge: { visits: "sum", cart: "append" },
  redact: ["cart"],
  backend: database({ dialect: "sqlite", url: env("DATABASE_URL", "./sessions.sqlite") }),
  adapters: ["express", "fastify"],
});
