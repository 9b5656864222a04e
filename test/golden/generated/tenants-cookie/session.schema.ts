import { cookie, defineSession, env, redis } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  tenancy: {},
  backend: cookie({
    keys: env("SESSION_KEYS"),
    revocation: redis({ url: env("REDIS_URL", "redis://127.0.0.1:6379") }),
  }),
});
