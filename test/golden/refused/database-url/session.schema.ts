import { database, defineSession, env, replicated } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: replicated({
    primary: database({ dialect: "postgres", url: env("DATABASE_URL", "./sessions.sqlite") }),
    secondary: database({ dialect: "mysql", url: "postgres://user:secret@localhost/app" }),
  }),
});
