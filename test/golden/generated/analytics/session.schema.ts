import { defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ visits: z.int().default(0) }),
  backend: memory({ maxSessions: 1000 }),
  analytics: { prometheus: true, log: true },
});
