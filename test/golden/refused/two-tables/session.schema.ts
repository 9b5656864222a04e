import { database, defineSession, replicated } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), visits: z.int().default(0) }),
  backend: replicated({
    primary: database({ dialect: "sqlite", url: "a.sqlite" }),
    secondary: database({ dialect: "sqlite", url: "b.sqlite", table: "copies" }),
  }),
});
