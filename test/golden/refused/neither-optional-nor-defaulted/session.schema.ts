import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int(),
    theme: z.string().nullable(),
    fine: z.string().nullish(),
  }),
});
