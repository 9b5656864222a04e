import { defineSession, memory } from "session-gen";
import { z } from "zod";

let inner: z.ZodType = z.string();
for (let level = 0; level < 63; level += 1) inner = z.array(inner);

export default defineSession({
  shape: z.object({
    deep: inner.optional(),
    deeper: z.object({ still: inner }).optional(),
  }),
  backend: memory(),
});
