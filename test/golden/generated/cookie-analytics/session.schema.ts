import { cookie, defineSession, env, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ visits: z.int().default(0) }),
  backend: cookie({ keys: env("SESSION_KEYS"), revocation: memory() }),
  analytics: { prometheus: true, log: false },
});
