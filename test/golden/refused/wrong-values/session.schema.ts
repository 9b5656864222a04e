import { database, defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), name: z.string().optional(), tags: z.array(z.string()).default([]), visits: z.int().default(0) }),
  name: "Admin Session",
  expiry: { idle: "1w", absolute: -5, touchAfter: 0 },
  deadline: "2",
  onInvalid: "dropField",
  cookie: { name: "a b", path: "x", domain: "exa mple", secure: "yes" },
  adapters: ["expres", "fastify", "fastify"],
  output: "/generated",
  migrations: ".",
  importExtension: ".js",
  backend: database({ dialect: "sqllite", url: 5, table: "my-table" }),
});
