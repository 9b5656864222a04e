import { z } from "zod";

export const page = z.object({
  /** In another file. */
  path: z.string().max(2000),
});
