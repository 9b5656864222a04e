import { database, defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  codec: "cbor",
  backend: database({ dialect: "sqlite", url: "./sessions.sqlite" }),
});
