import { defineSession, env, file } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  merge: { visits: "sum" },
  backend: file({ directory: env("SESSIONS_FOLDER", "./sessions") }),
});
