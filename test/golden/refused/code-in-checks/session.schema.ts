import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    refined: z.string().refine((text) => text !== "x").optional(),
    superRefined: z.int().superRefine(() => {}).optional(),
    checked: z.array(z.int()).check(() => {}).default([]),
    custom: z.custom<string>().optional(),
    inOptional: z.string().optional().refine(() => true),
    token: z.jwt({ alg: "HS256" }).optional(),
    nested: z.array(z.object({ sku: z.string().refine(() => true) })).default([]),
  }),
});
