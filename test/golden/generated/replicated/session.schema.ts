import { defineSession, env, redis, replicated } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  indexes: ["userId"],
  merge: { visits: "sum" },
  expiry: { absolute: "30d" },
  backend: replicated({
    primary: redis({ sentinels: { hosts: [env("SENTINEL_ONE"), "redis://sentinel-2:26379"], name: "main" } }),
    secondary: redis({ cluster: [env("CLUSTER", "redis://127.0.0.1:7000")], prefix: "copies" }),
    mode: "acknowledged",
    failover: "write",
    retry: { attempts: 5, delay: 0.1, maxDelay: "10s" },
  }),
});
