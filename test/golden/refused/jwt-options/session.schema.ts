import { defineSession, jwt } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: jwt({ algorithm: "HS265" as never, key: "k", issuer: "a\nb", jwks: 5, audience: "" } as never),
});
