import { cookie, defineSession, env } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  codec: "msgpack",
  backend: cookie({ keys: env("SESSION_KEYS") }),
});
