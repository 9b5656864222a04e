import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    trimmed: z.string().trim().optional(),
    lower: z.string().min(1).toLowerCase().max(5).optional(),
    upper: z.string().toUpperCase().optional(),
    normal: z.string().normalize().optional(),
    coerced: z.coerce.number().optional(),
    href: z.url({ normalize: true }).optional(),
  }),
});
