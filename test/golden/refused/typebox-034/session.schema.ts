import { Type } from "@sinclair/typebox";
import { defineSession } from "session-gen";

export default defineSession({
  shape: Type.Object({
    transform: Type.Optional(Type.Transform(Type.String()).Decode(Number).Encode(String)),
    symbol: Type.Optional(Type.Symbol()),
    tree: Type.Optional(Type.Recursive((This) => Type.Object({ children: Type.Array(This) }))),
    not: Type.Optional(Type.Not(Type.String())),
  }),
});
