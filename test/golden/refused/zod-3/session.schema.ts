import { defineSession } from "session-gen";
import { z } from "zod/v3";

export default defineSession({
  // @ts-expect-error zod 3
  shape: z.object({ userId: z.number().optional() }),
});
