import { cached, cookie, defineSession, jwt, memory, replicated } from "session-gen";
import { z } from "zod";

const sealed: never = cookie({ keys: "k" }) as never;
const signed: never = jwt({ algorithm: "HS256", keys: "k" }) as never;

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: replicated({
    primary: cached({ cache: sealed, store: signed }),
    secondary: cached({ cache: memory(), store: replicated({ primary: sealed, secondary: memory() }) }),
  }),
});
