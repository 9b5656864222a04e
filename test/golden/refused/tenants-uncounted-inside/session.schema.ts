import { cache, cached, defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  tenancy: { prefix: "*{tenantId}", maxSessions: 10 },
  backend: cached({ cache: memory(), store: cache() }),
});
