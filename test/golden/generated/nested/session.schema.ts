import { cache, cached, custom, database, defineSession, env, replicated } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  indexes: ["userId"],
  merge: { visits: "sum" },
  backend: cached({
    cache: custom(),
    store: replicated({
      primary: cached({ cache: cache(), store: database({ dialect: "sqlite", url: "./sessions.sqlite" }) }),
      secondary: database({ dialect: "sqlite", url: env("COPIES", "./copies.sqlite") }),
    }),
  }),
});
