import { database, defineSession, env } from "session-gen";
import { date } from "session-gen/typebox";
import { Type } from "typebox";

export default defineSession({
  shape: Type.Object({
    /** The signed-in user. */
    userId: Type.Optional(Type.Integer()),
    roles: Type.Array(Type.Union([Type.Literal("admin"), Type.Literal("editor")]), { default: [] }),
    lastSeen: Type.Optional(date()),
    visits: Type.Integer({ default: 0 }),
    cart: Type.Array(Type.Object({ sku: Type.String(), quantity: Type.Integer({ minimum: 1 }) }), { default: [] }),
  }),
  indexes: ["userId"],
  merge: { visits: "sum", cart: "append" },
  redact: ["cart"],
  backend: database({ dialect: "sqlite", url: env("DATABASE_URL", "./sessions.sqlite") }),
  adapters: ["express", "fastify"],
});
