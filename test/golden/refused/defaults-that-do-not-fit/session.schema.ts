import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    short: z.string().min(3).default("ab"),
    low: z.int().min(5).default(1),
    pattern: z.string().regex(/^a/).default("b"),
    many: z.array(z.int()).max(1).default([1, 2]),
    elements: z.array(z.string().default("x")).default([]),
    absent: z.array(z.string().optional()).default([]),
  }),
});
