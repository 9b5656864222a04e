import { defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ visits: z.int().default(0) }),
  analytics: { log: "yes", promethius: true },
  backend: memory(),
});
