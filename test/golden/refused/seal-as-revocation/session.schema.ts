import { cookie, defineSession, jwt } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: cookie({ keys: [], revocation: jwt({ algorithm: "HS256", keys: "k" }) as never }),
});
