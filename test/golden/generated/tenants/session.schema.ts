import { defineSession, env, redis } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  indexes: ["userId"],
  tenancy: { prefix: "shop:{tenantId}:", maxSessions: 1000, onLimit: "oldest" },
  backend: redis({ url: env("REDIS_URL", "redis://127.0.0.1:6379") }),
});
