import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  name: "adminSession",
  shape: z.object({ adminId: z.int().optional(), sudo: z.boolean().default(false) }),
  indexes: ["adminId"],
  rotation: false,
  adapters: ["fastify", "hono", "koa", "nest"],
  output: "./admin",
  importExtension: "ts",
});
