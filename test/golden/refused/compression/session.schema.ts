import { defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional() }),
  compression: { algorithm: "brotli", level: 12, treshold: 512, threshold: -1 },
  backend: memory(),
});
