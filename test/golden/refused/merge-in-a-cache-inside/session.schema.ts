import { cache, cached, database, defineSession, memory, replicated } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: cached({ cache: memory(), store: replicated({ primary: database({ dialect: "sqlite", url: "a" }), secondary: cache() }) }),
  merge: { visits: "sum" } as never,
});
