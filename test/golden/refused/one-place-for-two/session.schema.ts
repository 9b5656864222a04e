import { cached, database, defineSession, env, redis, replicated } from "session-gen";
import { z } from "zod";

const url = env("REDIS_URL", "redis://localhost");

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: replicated({
    primary: cached({ cache: redis({ url }), store: redis({ url: env("REDIS_URL") }) }),
    secondary: cached({
      cache: redis({ url, prefix: "near" }),
      store: replicated({
        primary: database({ dialect: "sqlite", url: "a.sqlite" }),
        secondary: database({ dialect: "sqlite", url: "a.sqlite" }),
      }),
    }),
  }),
});
