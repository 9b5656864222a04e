import { defineSession, redis } from "session-gen";
import { z } from "zod";

// As `process.env.REDIS_URL` is where nothing sets it.
const url: string | undefined = undefined;

export default defineSession({
  shape: z.object({ userId: z.int().optional() }),
  // @ts-expect-error: a url that may be absent
  backend: redis({ url }),
});
