import { defineSession, env, redis, replicated } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional() }),
  backend: replicated({
    primary: redis({ url: "https://localhost:6379" }),
    secondary: redis({ url: env("REDIS_URL", "postgres://localhost/app") }),
  }),
});
