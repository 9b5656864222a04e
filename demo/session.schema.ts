import { database, defineSession, env } from "session-gen";
import { z } from "zod";

const cartLine = z.object({
  /** The product's number. */
  sku: z.string().max(32),
  quantity: z.int().min(1).max(99),
});

export default defineSession({
  shape: z.object({
    /** The signed-in user; absent for guests. */
    userId: z.string().max(64).optional(),
    /** What the shop calls the user. */
    name: z.string().max(32).optional(),
    /** When this device signed in. */
    signedInAt: z.date().optional(),
    /** The browser and its system, as "your devices" shows them: `Firefox · Linux`. */
    device: z.string().max(80).optional(),
    /** `system` follows the device. */
    theme: z.enum(["system", "light", "dark"]).default("system"),
    language: z.enum(["en", "de"]).default("en"),
    /** How often this device has opened the shop since it signed in. */
    visits: z.int().default(0),
    /** One line for each time something was put in, so that two tabs can do it at once. */
    cart: z.array(cartLine).max(500).default([]),
    /** What the next page says once. */
    notice: z.enum(["added", "full", "ordered", "signed-in", "device-out", "others-out"]).optional(),
  }),
  indexes: ["userId"],
  merge: { visits: "sum", cart: "append" },
  redact: ["cart"],
  expiry: { idle: "7d", absolute: "30d" },
  // To keep sessions elsewhere, change this line and its import: docs/backends.md lists the places. What a place cannot
  // do does not compile: leave out `merge` for cache(), and `indexes` and `merge` for cookie() and jwt().
  backend: database({ dialect: "sqlite", url: env("SHOP_DATABASE", "./demo/shop.sqlite") }),
  adapters: ["express", "hono"],
  output: "../generated",
});
