import { cookie, defineSession, env } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional() }),
  encryption: { keys: env("KEYS") },
  backend: cookie({ keys: env("SESSION_KEYS") }),
});
