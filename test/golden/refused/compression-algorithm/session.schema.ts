import { defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional() }),
  compression: { algorithm: "zst", threshold: 1.5 },
  backend: memory(),
});
