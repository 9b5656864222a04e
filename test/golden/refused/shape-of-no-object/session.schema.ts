import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  // @ts-expect-error
  shape: z.string(),
});
