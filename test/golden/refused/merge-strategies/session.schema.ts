import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), name: z.string().optional(), tags: z.array(z.string()).default([]), visits: z.int().default(0) }),
  merge: { tags: "sum", visits: "append", name: "union", userId: "add", missing: "sum" },
  redact: ["nmae"],
  rotation: { onChange: ["user"], every: "soon" },
});
