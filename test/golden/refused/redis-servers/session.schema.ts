import { defineSession, redis, replicated } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: replicated({
    primary: redis({ url: "redis://localhost", cluster: ["redis://localhost"], prefix: "a\tb" } as never),
    secondary: redis({ prefx: "x", prefix: "a|b" } as never),
  }),
});
