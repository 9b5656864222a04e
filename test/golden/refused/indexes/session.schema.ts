import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    name: z.string().optional(),
    email: z.string().max(300).optional(),
    tags: z.array(z.string()).default([]),
    visits: z.int().default(0),
    point: z.object({ x: z.number() }).optional(),
  }),
  indexes: ["name", "tags", "userid", "visits", "visits", "point", "email"],
});
