import { defineSession, memory } from "session-gen";
import { z } from "zod";

/** A session of twelve fields, as a shop would declare it. */
export const shape = z.object({
  userId: z.int().min(1).optional(),
  username: z.string().min(1).max(64).optional(),
  email: z.email().max(254).optional(),
  authenticated: z.boolean().default(false),
  roles: z
    .array(z.enum(["admin", "editor", "author", "viewer"]))
    .max(8)
    .default([]),
  lastLogin: z.date().optional(),
  preferences: z
    .object({
      theme: z.enum(["light", "dark", "system"]),
      language: z.enum(["en", "de", "fr", "es"]),
      notifications: z.boolean(),
      timezone: z.string().max(64),
    })
    .optional(),
  cart: z
    .array(
      z.object({
        sku: z.string().min(1).max(32),
        title: z.string().max(200),
        quantity: z.int().min(1).max(99),
        priceCents: z.int().min(0),
      }),
    )
    .max(100)
    .default([]),
  csrfToken: z.string().max(64).optional(),
  flash: z.array(z.string().max(200)).max(10).default([]),
  locale: z.string().max(35).optional(),
  visits: z.int().min(0).default(0),
});

export default defineSession({
  shape,
  codec: "protobuf",
  backend: memory(),
});
