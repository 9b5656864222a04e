import { defineSession } from "session-gen";
import Type from "typebox";

export default defineSession({
  shape: Type.Object({
    userId: Type.Integer(),
    any: Type.Optional(Type.Any()),
    refined: Type.Optional(Type.Refine(Type.String(), () => true)),
    contains: Type.Optional(Type.Array(Type.String(), { contains: Type.Literal("x") })),
    format: Type.Optional(Type.String({ format: "idn-email" })),
    never: Type.Optional(Type.Never()),
    unsafe: Type.Optional(Type.Unsafe<string>({ type: "string" })),
    open: Type.Optional(Type.Object({}, { additionalProperties: Type.String() })),
    low: Type.Integer({ minimum: 5, default: 1 }),
    made: Type.String({ default: () => "x" }),
    inner: Type.Optional(Type.Array(Type.Optional(Type.String()))),
    longer: Type.Optional(Type.Tuple([Type.String()], { additionalItems: Type.Integer() })),
    both: Type.Optional(Type.Intersect([Type.Object({}), Type.Object({})])),
  }),
});
