// Each marked line is a mistake that people make; what TypeScript says of it is in session.schema.ts.txt.
import { cache, cookie, database, defineSession, env, memory, redis } from "session-gen";
import { z } from "zod";

const shape = z.object({
  userId: z.int().optional(),
  visits: z.int().default(0),
  cart: z.array(z.string()).default([]),
  prefs: z.object({ theme: z.string() }).optional(),
});

defineSession({ shape, indexes: ["userid"] }); // wrong
defineSession({ shape, indexes: ["cart"] }); // wrong
defineSession({ shape, idexes: ["userId"] }); // wrong
defineSession({ shape, merge: { cart: "sum" } }); // wrong
defineSession({ shape, merge: { visits: "append" } }); // wrong
defineSession({ shape, merge: { visit: "sum" } }); // wrong
defineSession({ shape, redact: ["card"] }); // wrong
defineSession({ shape, rotation: { onChange: ["user"] } }); // wrong
defineSession({ shape, backend: cookie({ keys: env("KEYS") }), indexes: ["userId"] }); // wrong
defineSession({ shape, backend: cache(), merge: { visits: "sum" } }); // wrong
defineSession({ shape, backend: redis({ uri: "redis://127.0.0.1" }) }); // wrong
defineSession({ shape, backend: database({ dialect: "postgresql", url: env("DATABASE_URL") }) }); // wrong
defineSession({ shape, backend: memory }); // wrong
defineSession({ shape, codec: "yaml" }); // wrong
defineSession({ shape, expiry: { idle: "1 hour" } }); // wrong
defineSession({ shape: { userId: z.int() } }); // wrong
defineSession({ shape: z.string() }); // wrong
defineSession({}); // wrong
