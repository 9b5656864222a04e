import { defineSession, env, jwt } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  encryption: { keys: [env("NEW_KEY"), env("OLD_KEY")] },
  backend: jwt({ algorithm: "EdDSA", keys: env("SIGNING_KEY") }),
});
