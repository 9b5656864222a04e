import { cached, cookie, defineSession, file, replicated } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: replicated({
    primary: cached({ cache: "redis", store: { backend: "databse", options: {} } } as never),
    secondry: file({} as never),
    mode: "asink",
    failover: "both",
    retry: { attempts: 0, delay: "2m", maxDelay: "1m", tries: 5 },
  } as never),
});
