import { database, defineSession, env } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  indexes: ["userId"],
  merge: { visits: "sum" },
  backend: database({ dialect: "postgres", url: env("DATABASE_URL"), schema: "app", table: "web_sessions" }),
});
