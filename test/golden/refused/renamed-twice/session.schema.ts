import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), accountId: z.int().optional(), name: z.string().optional() }),
  renamed: {
    userId: "uid",
    accountId: "uid",
    name: 5 as never,
  },
});
