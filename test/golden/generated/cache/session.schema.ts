import { cache, defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  backend: cache(),
});
