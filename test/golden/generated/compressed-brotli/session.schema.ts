import { defineSession, env, redis } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  compression: { algorithm: "brotli", threshold: 1024, level: 5 },
  backend: redis({ url: env("REDIS_URL", "redis://127.0.0.1:6379") }),
});
