import { defineSession, env, jwt } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: jwt({ algorithm: "HS512", keys: [env("KEY"), "other"], jwks: "https://example.com/jwks.json" }),
});
