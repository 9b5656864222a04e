import { cached, database, defineSession, env, redis } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  indexes: ["userId"],
  merge: { visits: "sum" },
  deadline: "1s",
  backend: cached({
    cache: redis({ url: env("REDIS_URL", "redis://127.0.0.1:6379"), prefix: "near" }),
    store: database({ dialect: "postgres", url: env("DATABASE_URL") }),
  }),
});
