import { database, defineSession, env } from "session-gen";
import { z } from "zod";

const product = z.object({
  /** The stock keeping unit. */
  sku: z.string(),
  quantity: z.int().min(1),
});

export default defineSession({
  shape: z.object({
    /** The signed-in user. */
    userId: z.int().optional(),
    /**
     * What the user may do.
     *
     * Empty for guests.
     */
    roles: z.array(z.enum(["admin", "editor"])).default([]),
    lastSeen: z.date().optional(),
    visits: z.int().default(0),
    cart: z.array(product).default([]),
  }),
  indexes: ["userId"],
  merge: { visits: "sum", cart: "append" },
  redact: ["cart"],
  backend: database({ dialect: "sqlite", url: env("DATABASE_URL", "./sessions.sqlite") }),
});
