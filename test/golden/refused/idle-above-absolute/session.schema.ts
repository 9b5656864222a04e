import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), name: z.string().optional(), tags: z.array(z.string()).default([]), visits: z.int().default(0) }),
  expiry: { idle: "30d" },
});
