import { defineSession, env, jwt, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  backend: jwt({
    algorithm: "ES256",
    keys: env("SESSION_KEYS"),
    issuer: "https://example.com",
    audience: env("AUDIENCE", "shop"),
    jwks: "https://example.com/.well-known/jwks.json",
    revocation: memory({ maxSessions: 1000 }),
  }),
});
