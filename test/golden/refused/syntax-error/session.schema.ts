import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional() },
});
