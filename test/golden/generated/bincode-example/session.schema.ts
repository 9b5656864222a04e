import { defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    userId: z.int().optional(),
    username: z.string().max(64).optional(),
    email: z.email().optional(),
    authenticated: z.boolean().default(false),
    roles: z.array(z.enum(["admin", "editor", "viewer"])).default([]),
    lastLogin: z.date().optional(),
    preferences: z
      .object({
        theme: z.enum(["system", "light", "dark"]),
        language: z.enum(["en", "de", "fr"]),
        notifications: z.boolean(),
        timezone: z.string().max(64),
      })
      .optional(),
    cart: z
      .array(
        z.object({
          sku: z.string().max(32),
          title: z.string().max(200),
          quantity: z.int().min(1).max(99),
          priceCents: z.int().min(0),
        }),
      )
      .max(100)
      .default([]),
    csrfToken: z.string().max(64).optional(),
    flash: z.array(z.string().max(200)).default([]),
    locale: z.enum(["en-US", "en-GB", "de-DE"]).optional(),
    visits: z.int().min(0).default(0),
  }),
  codec: "bincode",
  backend: memory(),
});
