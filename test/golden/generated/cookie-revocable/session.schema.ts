import { cookie, database, defineSession, env } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  backend: cookie({
    keys: [env("NEW_KEY"), env("OLD_KEY")],
    revocation: database({ dialect: "sqlite", url: env("DATABASE_URL", "./sessions.sqlite") }),
  }),
});
