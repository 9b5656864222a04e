import { defineSession } from "session-gen";
import { z } from "zod";

const makeList = () => ["a"];

export default defineSession({
  shape: z.object({
    time: z.int().default(() => Date.now()),
    text: z.string().default(() => "x"),
    list: z.array(z.string()).default(makeList),
    fine: z.array(z.string()).default(["a"]),
    nested: z.object({ at: z.string().default(() => "x") }).optional(),
  }),
});
