import { defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  tenancy: { prefix: "tenant:", maxSessions: 0, onLimit: "newest" as "oldest", strict: "no" as never },
  backend: memory(),
});
