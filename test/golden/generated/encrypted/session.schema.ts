import { database, defineSession, env } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    email: z.string().max(255).optional(),
    visits: z.int().default(0),
  }),
  indexes: ["userId", "email"],
  compression: { algorithm: "gzip" },
  encryption: { keys: env("SESSION_ENCRYPTION_KEYS") },
  backend: database({ dialect: "sqlite", url: "./sessions.sqlite" }),
});
