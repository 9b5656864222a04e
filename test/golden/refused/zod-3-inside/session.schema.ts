import { defineSession } from "session-gen";
import { z } from "zod";
import { z as old } from "zod/v3";

export default defineSession({
  shape: z.object({
    // @ts-expect-error zod 3
    userId: old.number().optional(),
  }),
});
