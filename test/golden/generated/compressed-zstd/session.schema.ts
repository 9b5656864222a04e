import { defineSession, file } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  compression: { algorithm: "zstd", level: 19 },
  backend: file({ directory: "./sessions" }),
});
