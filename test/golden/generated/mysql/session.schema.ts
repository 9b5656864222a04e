import { database, defineSession, env } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    visits: z.int().default(0),
  }),
  indexes: ["userId"],
  backend: database({ dialect: "mysql", url: env("DATABASE_URL", "mysql://root@127.0.0.1:3306/app") }),
});
