import { custom, defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  indexes: ["userId"],
  backend: custom({ find: true, sweep: true }),
});
