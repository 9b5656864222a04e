import { cookie, defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  tenancy: { prefix: "*{tenantId}[{tenantId}]", maxSessions: 10 },
  backend: cookie({ keys: "k" }),
});
