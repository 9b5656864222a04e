import { z } from "zod";

export const userId = z.int().brand("UserId").optional();

export const address = z.object({
  street: z.string().trim(),
});
