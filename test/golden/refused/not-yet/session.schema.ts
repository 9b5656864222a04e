import { defineSession, redis } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), name: z.string().optional(), tags: z.array(z.string()).default([]), visits: z.int().default(0) }),
  codec: "msgpack",
  compression: { algorithm: "brotli" },
  encryption: { keys: "k" },
  tenancy: { prefix: "tenant:" },
  analytics: { log: true },
  renamed: { userId: "id" },
  upgrade: "./session.upgrade.ts",
  adapters: ["hono", "express-store"],
  cookie: { chunks: true },
  backend: redis({ url: "redis://127.0.0.1" }),
});
