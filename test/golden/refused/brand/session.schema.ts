import { defineSession } from "session-gen";
import { z } from "zod";

const userId = z.int().brand("UserId");
const item = z.object({ sku: z.string().brand<"Sku">() });

export default defineSession({
  shape: z.object({
    userId: userId.optional(),
    items: z.array(item).default([]),
    fine: z.string().optional(),
  }),
});
