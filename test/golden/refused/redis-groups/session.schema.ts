import { cached, defineSession, redis } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: cached({
    cache: redis({ sentinels: { hosts: [], group: "main" } } as never),
    store: redis({ cluster: ["redis://a", "redis://a", 5] } as never),
  }),
});
