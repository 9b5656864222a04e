import { defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), name: z.string().optional(), tags: z.array(z.string()).default([]), visits: z.int().default(0) }),
  indices: ["userId"],
  expiry: { idel: "1h" },
  rotation: { onchange: ["userId"] },
  cookie: { sameSight: "lax" },
  backend: memory({ maxSession: 5 }),
  whatever: true,
});
